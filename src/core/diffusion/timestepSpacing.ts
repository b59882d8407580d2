import { DomainError } from '../DomainError'
import { cleanTimestep, defaultEndTimestep, type NoiseSchedule } from './noiseSchedule'
import type { TrajectorySettings } from './settings'
import { solverOf } from './solvers/registry'
import { separate } from './timestepSpacings/separate'
import { timestepSpacingOf, timestepSpacings, type TimestepSpacing } from './timestepSpacings/registry'

/** The settings that determine the timesteps. `endTimestep` is tau_S, by default the spacing's own end. */
export interface TimestepSettings extends Readonly<TrajectorySettings> {
  readonly endTimestep?: number | undefined
}

/**
 * Returns the largest number of steps that a trajectory on this schedule can have. Spacings that determine
 * their own end may take the whole schedule, wherever a latent of theirs lies.
 */
export function mostSteps(
  schedule: NoiseSchedule,
  { timestepSpacing, endTimestep }: Pick<TimestepSettings, 'timestepSpacing' | 'endTimestep'>,
): number {
  const { hasFreeEnd } = timestepSpacingOf(timestepSpacing)
  const furthest = hasFreeEnd ? (endTimestep ?? defaultEndTimestep(schedule)) : schedule.numTrainTimesteps - 1
  return furthest - cleanTimestep(schedule)
}

/**
 * Chooses the sub-sequence tau of the training timesteps that a trajectory visits (paper, section 4.2): tau_1
 * … tau_S, ascending and distinct. The clean picture lies before tau_1 and is not among them.
 *
 * Spacings with a free end are rounded to whole timesteps, moved apart where they coincide, and end exactly
 * at `endTimestep`, by default {@link defaultEndTimestep}. The others determine their own end.
 *
 * @throws DomainError  when there are not `steps` distinct timesteps, or `endTimestep` is off the grid, has no
 *   signal or is not where the spacing ends
 */
export function chooseTimesteps(schedule: NoiseSchedule, settings: TimestepSettings): readonly number[] {
  requireEnd(schedule, settings)
  requireSteps(schedule, settings)
  const { solver, timestepSpacing, steps, timesteps: listed, endTimestep } = settings
  const { hasFreeEnd, takesTimesteps, choose } = timestepSpacingOf(timestepSpacing)
  if (takesTimesteps && listed === undefined) {
    throw new DomainError(`The timestep spacing ${timestepSpacing} needs a list of timesteps: name them.`)
  }
  const last = endTimestep ?? ownEnd(schedule, timestepSpacing)
  const { diffusersLayout } = solverOf(solver)
  const chosen = choose({ schedule, steps, listed, endTimestep: last, diffusersLayout })
  const timesteps = hasFreeEnd ? separate(chosen, cleanTimestep(schedule)) : chosen
  requireDistinct(timesteps, settings)
  requireUsableEnd(timesteps[steps - 1], schedule, settings)
  return timesteps
}

/** Returns the last timestep that a spacing may take unless `endTimestep` says otherwise. */
function ownEnd(schedule: NoiseSchedule, timestepSpacing: TimestepSpacing): number {
  const { hasFreeEnd } = timestepSpacingOf(timestepSpacing)
  return hasFreeEnd ? defaultEndTimestep(schedule) : schedule.numTrainTimesteps - 1
}

function requireEnd(schedule: NoiseSchedule, { timestepSpacing, endTimestep }: TimestepSettings): void {
  const last = endTimestep ?? ownEnd(schedule, timestepSpacing)
  const clean = cleanTimestep(schedule)
  if (!Number.isInteger(last) || last <= clean || last >= schedule.numTrainTimesteps) {
    throw new DomainError(
      `The end timestep ${last} must be a whole number from ${clean + 1} to ${schedule.numTrainTimesteps - 1}.`,
    )
  }
}

function requireSteps(schedule: NoiseSchedule, settings: TimestepSettings): void {
  const { steps } = settings
  const most = mostSteps(schedule, settings)
  if (!Number.isInteger(steps) || steps < 1 || steps > most) {
    throw new DomainError(
      `${steps} steps do not fit between the picture and timestep ${cleanTimestep(schedule) + most}: take a whole number from 1 to ${most}.`,
    )
  }
}

function requireDistinct(
  timesteps: readonly number[],
  { solver, timestepSpacing, steps }: TimestepSettings,
): void {
  const repeated = timesteps.find((timestep, index) => timestep <= timesteps[index - 1])
  if (repeated !== undefined) {
    throw new DomainError(
      `${steps} ${timestepSpacing} steps of ${solver} would visit timestep ${repeated} more than once: take fewer steps, or another timestep spacing.`,
    )
  }
}

/** Refuses an end that is the picture itself, from which no picture comes back, or that was not asked for. */
function requireUsableEnd(
  end: number,
  schedule: NoiseSchedule,
  { timestepSpacing, steps, endTimestep }: TimestepSettings,
): void {
  if (end <= cleanTimestep(schedule)) {
    throw new DomainError(
      `${steps} ${timestepSpacing} steps end at timestep ${end}, the picture itself: take more steps, or another timestep spacing.`,
    )
  }
  if (schedule.levels[end].signal === 0) {
    throw new DomainError(
      `Timestep ${end} holds no signal: no picture comes back from there. Take ${defaultEndTimestep(schedule)} or less.`,
    )
  }
  if (endTimestep !== undefined && endTimestep !== end) {
    const others = timestepSpacings.filter((row) => row.hasFreeEnd).map(({ id }) => id)
    throw new DomainError(
      `${steps} ${timestepSpacing} steps end at timestep ${end}, not ${endTimestep}: take the timestep spacing ${others.join(' or ')}.`,
    )
  }
}

/** Returns whether settings visit a list of timesteps, which determines their number of steps. */
export function isListed({ timestepSpacing }: Pick<TrajectorySettings, 'timestepSpacing'>): boolean {
  return timestepSpacingOf(timestepSpacing).takesTimesteps
}

/** Returns settings with another number of steps; those that visit a list keep its length. */
export function inSteps<Settings extends TrajectorySettings>(settings: Settings, steps: number): Settings {
  return isListed(settings) ? settings : { ...settings, steps }
}

/** Returns what changes in settings with a timestep spacing: the list of another is dropped. */
export function onSpacing(
  { timestepSpacing, timesteps }: TrajectorySettings,
  next: TimestepSpacing,
): Pick<TrajectorySettings, 'timestepSpacing' | 'timesteps'> {
  return { timestepSpacing: next, timesteps: next === timestepSpacing ? timesteps : undefined }
}
