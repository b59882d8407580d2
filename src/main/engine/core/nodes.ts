import type { NodeKind, SolverId } from '#shared/settings'
import { diffusersTimesteps, isDiffusersKind } from './diffusersTimesteps'
import { lambdaOf, type NoiseSchedule } from './noiseSchedule'
import { cleanTimestep } from './path'

/** The sub-sequence tau of the training timesteps that a trajectory visits (paper, section 4.2). */
export interface Nodes {
  readonly kind: NodeKind
  /** tau_1 … tau_S, ascending and distinct. The clean picture lies before tau_1 and is not among them. */
  readonly timesteps: readonly number[]
}

/** Timestep with the lambda nearest to the one given; lambda falls with t. */
function timestepAtLambda(schedule: NoiseSchedule, lambda: number): number {
  const { alphasCumprod, numTrainTimesteps } = schedule
  let low = 0
  let high = numTrainTimesteps - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (lambdaOf(alphasCumprod[middle]) > lambda) low = middle
    else high = middle
  }
  const nearerLow = lambdaOf(alphasCumprod[low]) - lambda < lambda - lambdaOf(alphasCumprod[high])
  return nearerLow ? low : high
}

/** Timesteps evenly spaced in lambda. A clean picture off the grid has lambda infinite: spacing then starts at t = 0. */
function logSnrTimesteps(schedule: NoiseSchedule, steps: number, terminal: number): number[] {
  const { alphasCumprod } = schedule
  const offGrid = cleanTimestep(schedule) < 0
  const first = lambdaOf(alphasCumprod[0])
  const last = lambdaOf(alphasCumprod[terminal])
  const intervals = offGrid ? steps - 1 : steps
  return Array.from({ length: steps }, (_, index) => {
    const u = index === steps - 1 ? 1 : (offGrid ? index : index + 1) / intervals
    return timestepAtLambda(schedule, first + u * (last - first))
  })
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

function rawTimesteps(
  schedule: NoiseSchedule,
  kind: 'linear' | 'quadratic' | 'logSnr',
  steps: number,
  terminal: number,
): number[] {
  if (kind === 'logSnr') return logSnrTimesteps(schedule, steps, terminal)
  return powerTimesteps(cleanTimestep(schedule), terminal, steps, kind === 'linear' ? 1 : 2)
}

/**
 * Chooses the timesteps a trajectory of `steps` steps visits.
 *
 * - `linear`, `quadratic`: the paper's two (appendix D.2), in the form that ends exactly at `terminal`.
 * - `logSnr`: evenly spaced in lambda, rounded to whole timesteps; sigma is taken at the rounded one.
 * - `leading`, `trailing`, `linspace`: number for number those of diffusers. They end where diffusers ends, which
 *   for `leading` is well below T-1.
 *
 * @param terminal  tau_S, T-1 unless given. diffusers' kinds cannot be moved: giving another than theirs is an error.
 * @param solver  diffusers lays out its timesteps by the solver
 * @throws RangeError  when there are not `steps` distinct timesteps, or `terminal` is off the grid
 */
export function createNodes(
  schedule: NoiseSchedule,
  kind: NodeKind,
  steps: number,
  terminal?: number,
  solver: SolverId = 'ddim',
): Nodes {
  const last = terminal ?? schedule.numTrainTimesteps - 1
  const clean = cleanTimestep(schedule)
  if (!Number.isInteger(last) || last <= clean || last >= schedule.numTrainTimesteps) {
    throw new RangeError(
      `The terminal timestep ${last} must be a whole number from ${clean + 1} to ${schedule.numTrainTimesteps - 1}.`,
    )
  }
  if (!Number.isInteger(steps) || steps < 1 || steps > last - clean) {
    throw new RangeError(
      `${steps} steps: there must be a whole number of them, from 1 to ${last - clean} up to timestep ${last}.`,
    )
  }
  if (!isDiffusersKind(kind)) {
    return { kind, timesteps: separate(rawTimesteps(schedule, kind, steps, last), clean, last) }
  }
  const timesteps = diffusersTimesteps(schedule, kind, steps, solver)
  if (terminal !== undefined && terminal !== timesteps.at(-1)) {
    throw new RangeError(
      `${steps} ${kind} steps end at timestep ${timesteps.at(-1)}, not ${terminal}: take linear, quadratic or logSnr nodes.`,
    )
  }
  return { kind, timesteps }
}
