import type { DecodeSettings, EncodeSettings } from './settings'
import { diffusersStride } from './diffusersTimesteps'
import { countEvaluations, integrate, type SolverStep } from './integrate'
import type { Latent } from './latent'
import { chooseTimesteps } from './timestepSpacing'
import { loosen } from './loosen'
import type { NoiseSchedule } from './noiseSchedule'
import { decodingPath, encodingPath, pointAt, type PathStep } from './path'
import { clipX0, type PredictEpsilon } from './prediction'
import type { TrajectorySettings } from './settings'
import { reasonAgainst } from './solvers/reasonAgainst'
import { solverOf } from './solvers/registry'
import type { Solver } from './solvers/solver'
import type { SolverOptions } from './solvers/solverRow'
import type { Tensor } from './tensor'
import { timestepSpacingOf } from './timestepSpacings/registry'

/** What a trajectory runs on. The predictor sees batches [N, C, H, W] and is never asked two things at once. */
export interface Trajectory<Settings> {
  readonly schedule: NoiseSchedule
  readonly settings: Settings
  readonly predictEpsilon: PredictEpsilon
}

/** What decoding runs on. */
export interface DecodeTrajectory extends Trajectory<DecodeSettings> {
  /**
   * Whose noise each latent of the batch gets: its own for each sample, one and the same for the frames of a film.
   * Needed only where decoding draws any.
   */
  readonly noiseItems?: readonly number[]
}

/** diffusers' step length, where its solver on its timesteps has one of its own; undefined for all others. */
function strideOf(schedule: NoiseSchedule, { solver, timestepSpacing, steps }: TrajectorySettings) {
  const strides =
    timestepSpacingOf(timestepSpacing).isDiffusers && solverOf(solver).diffusersLayout === 'fixedStride'
  return strides ? diffusersStride(schedule, steps) : undefined
}

/** @throws RangeError  with the reason, for settings that do not fit each other */
function requireSense(settings: EncodeSettings | DecodeSettings): void {
  const reason = reasonAgainst(settings)
  if (reason !== null) throw new RangeError(reason)
}

/**
 * Encodes pictures: the ODE of eq. 14 of the paper from the clean picture up to the terminal timestep. Deterministic,
 * and x0 is never clipped, which would break the inverse.
 *
 * @param x0  [N, C, H, W] on [-1, 1]; never changed
 * @returns the latents, one batch
 * @throws RangeError  for settings that fit neither the schedule nor each other
 */
export async function* encode(
  x0: Tensor,
  { schedule, settings, predictEpsilon }: Trajectory<EncodeSettings>,
): AsyncGenerator<SolverStep, Latent> {
  requireSense(settings)
  const timesteps = chooseTimesteps(schedule, settings)
  const path = encodingPath(schedule, timesteps, settings.conditioningTimestep, strideOf(schedule, settings))
  const { predict, count } = countEvaluations(predictEpsilon)
  const solver = solverOf(settings.solver).create(predict, optionsOf(schedule, settings))
  const start = settings.loosen
    ? loosen(x0, path, settings.loosen, schedule.numTrainTimesteps)
    : { x: x0, path }
  const x = yield* integrate(start.x, start.path, solver, count)
  const timestep = timesteps[timesteps.length - 1]
  return solver.previousState ? { x, timestep, previousState: solver.previousState } : { x, timestep }
}

function optionsOf(schedule: NoiseSchedule, { timestepSpacing, steps }: TrajectorySettings): SolverOptions {
  return {
    steps,
    asDiffusers: timestepSpacingOf(timestepSpacing).isDiffusers,
    pointAt: (timestep) => pointAt(schedule, timestep),
  }
}

/** Where decoding begins: the latent and the whole path, or the second state of a leapfrog pair and the rest of it. */
interface Beginning {
  readonly start: Tensor
  readonly path: readonly PathStep[]
  readonly solver: Solver
}

function begin(
  { x, previousState }: Latent,
  path: readonly PathStep[],
  { schedule, settings, noiseItems = [] }: DecodeTrajectory,
  predict: PredictEpsilon,
): Beginning {
  const { isPair, create } = solverOf(settings.solver)
  const options = optionsOf(schedule, settings)
  const [first, ...rest] = path
  if (isPair && previousState?.timestep === first.to.timestep) {
    const solver = create(predict, { ...options, before: { x, point: first.from } })
    return { start: previousState.x, path: rest, solver }
  }
  const { eta, sigmaHat, seed } = settings
  return {
    start: x,
    path,
    solver: create(predict, { ...options, noise: { eta, sigmaHat, seed, items: noiseItems } }),
  }
}

/**
 * Decodes latents from their timestep down to the clean picture.
 *
 * The other half of a leapfrog pair serves where it stands on the second timestep, so for the timesteps it was encoded
 * with; others, and other solvers, start from the latent alone.
 *
 * @param latent  a batch, at any timestep; never changed. Its timestep is where the timesteps end.
 * @returns x0, [N, C, H, W]: nominally on [-1, 1], but never cut off at the end
 * @throws RangeError  for settings that fit neither the schedule, the latent nor each other
 */
export async function* decode(
  latent: Latent,
  trajectory: DecodeTrajectory,
): AsyncGenerator<SolverStep, Tensor> {
  const { schedule, settings, predictEpsilon } = trajectory
  requireSense(settings)
  if (settings.clip && schedule.clipRange === Infinity) {
    throw new RangeError(
      'The states of latent diffusion have no range to be clipped to: decode without clipping.',
    )
  }
  const timesteps = chooseTimesteps(schedule, { ...settings, endTimestep: latent.timestep })
  const { predict, count } = countEvaluations(predictEpsilon)
  const { start, path, solver } = begin(
    latent,
    decodingPath(schedule, timesteps, strideOf(schedule, settings)),
    trajectory,
    settings.clip ? clipX0(predict, schedule) : predict,
  )
  return yield* integrate(start, path, solver, count)
}
