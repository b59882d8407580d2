import type { TimestepSpacing, SolverId } from '#shared/settings'
import { diffusersTimesteps, isDiffusersSpacing, type DiffusersSpacing } from './diffusersTimesteps'
import { cleanTimestep, sigmaOf, type NoiseSchedule } from './noiseSchedule'

/** The sub-sequence tau of the training timesteps that a trajectory visits (paper, section 4.2). */
export interface Timesteps {
  readonly kind: TimestepSpacing
  /** tau_1 … tau_S, ascending and distinct. The clean picture lies before tau_1 and is not among them. */
  readonly timesteps: readonly number[]
}

type Coordinate = (alphaBar: number) => number

/** Root of sigma that {@link karrasCoordinate} spaces evenly. */
const rho = 6

/** sigma^(1 / rho), Karras et al. 2022, eq. 5. */
function karrasCoordinate(alphaBar: number): number {
  return sigmaOf(alphaBar) ** (1 / rho)
}

/** -lambda: rises with t, as the search below needs. */
function logSnrCoordinate(alphaBar: number): number {
  return Math.log(sigmaOf(alphaBar))
}

/** Training timestep at which a rising coordinate comes nearest to a value. */
function nearestTimestep(alphasCumprod: Float64Array, coordinateOf: Coordinate, value: number): number {
  let low = 0
  let high = alphasCumprod.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (coordinateOf(alphasCumprod[middle]) < value) low = middle
    else high = middle
  }
  const belowBy = value - coordinateOf(alphasCumprod[low])
  const aboveBy = coordinateOf(alphasCumprod[high]) - value
  return belowBy < aboveBy ? low : high
}

/** S timesteps evenly spaced in a coordinate, from timestep 0, which is left out, to the terminal. */
function evenTimesteps(
  { alphasCumprod }: NoiseSchedule,
  coordinateOf: Coordinate,
  steps: number,
  terminal: number,
): number[] {
  const first = coordinateOf(alphasCumprod[0])
  const spacing = (coordinateOf(alphasCumprod[terminal]) - first) / steps
  return Array.from({ length: steps }, (_, index) =>
    nearestTimestep(alphasCumprod, coordinateOf, first + (index + 1) * spacing),
  )
}

/** Timesteps at clean + u^power (terminal - clean), u = 1/S … 1: the paper's c i and c i^2 of appendix D.2. */
function powerTimesteps(clean: number, terminal: number, steps: number, power: number): number[] {
  return Array.from({ length: steps }, (_, index) =>
    Math.round(clean + ((index + 1) / steps) ** power * (terminal - clean)),
  )
}

/** Moves rounded timesteps apart where they fell together, leaving the last where it is. */
function separate(timesteps: readonly number[], clean: number, terminal: number): number[] {
  let previous = clean
  return timesteps.map((timestep, index) => {
    const latest = terminal - (timesteps.length - 1 - index)
    return (previous = Math.max(previous + 1, Math.min(timestep, latest)))
  })
}

function pinnedTimesteps(
  schedule: NoiseSchedule,
  kind: Exclude<TimestepSpacing, DiffusersSpacing>,
  steps: number,
  terminal: number,
): number[] {
  const clean = cleanTimestep(schedule)
  switch (kind) {
    case 'linear':
      return powerTimesteps(clean, terminal, steps, 1)
    case 'quadratic':
      return powerTimesteps(clean, terminal, steps, 2)
    case 'logSnr':
      return evenTimesteps(schedule, logSnrCoordinate, steps, terminal)
    case 'karras':
      return evenTimesteps(schedule, karrasCoordinate, steps, terminal)
  }
}

/**
 * Chooses the timesteps a trajectory of `steps` steps visits.
 *
 * - `linear`, `quadratic`: the paper's two (appendix D.2), in the form that ends exactly at `terminal`.
 * - `logSnr`: evenly spaced in lambda, as DPM-Solver has them.
 * - `karras`: evenly spaced in sigma^(1 / rho) (Karras et al. 2022, eq. 5), which spends more steps on high noise.
 *   They advise rho from 5 to 10; rho = 6 brought pictures back best on the bundled model.
 *
 * All four are rounded to whole timesteps, sigma being taken at the rounded one, and moved apart where they coincide.
 *
 * - `leading`, `trailing`, `linspace`: number for number those of diffusers. They end where diffusers ends, which
 *   for `leading` is well below T-1.
 *
 * @param terminal  tau_S, T-1 unless given. diffusers' kinds cannot be moved: giving another than theirs is an error.
 * @param solver  diffusers lays out its timesteps by the solver
 * @throws RangeError  when there are not `steps` distinct timesteps, or `terminal` is off the grid
 */
export function chooseTimesteps(
  schedule: NoiseSchedule,
  kind: TimestepSpacing,
  steps: number,
  terminal?: number,
  solver: SolverId = 'ddim',
): Timesteps {
  const last = terminal ?? schedule.numTrainTimesteps - 1
  const clean = cleanTimestep(schedule)
  if (!Number.isInteger(last) || last <= clean || last >= schedule.numTrainTimesteps) {
    throw new RangeError(
      `The terminal timestep ${last} must be a whole number from ${clean + 1} to ${schedule.numTrainTimesteps - 1}.`,
    )
  }
  if (!Number.isInteger(steps) || steps < 1 || steps > last - clean) {
    throw new RangeError(
      `${steps} steps do not fit between the picture and timestep ${last}: take a whole number from 1 to ${last - clean}.`,
    )
  }
  if (!isDiffusersSpacing(kind)) {
    return { kind, timesteps: separate(pinnedTimesteps(schedule, kind, steps, last), clean, last) }
  }
  const timesteps = diffusersTimesteps(schedule, kind, steps, solver)
  if (terminal !== undefined && terminal !== timesteps.at(-1)) {
    throw new RangeError(
      `${steps} ${kind} steps end at timestep ${timesteps.at(-1)}, not ${terminal}: take linear, quadratic, logSnr or karras nodes.`,
    )
  }
  return { kind, timesteps }
}
