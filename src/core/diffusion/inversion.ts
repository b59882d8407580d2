import { DomainError } from '../DomainError'
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

/** What a trajectory runs on. The predictor gets batches [N, C, H, W] and is never called concurrently. */
export interface Trajectory<Settings> {
  readonly schedule: NoiseSchedule
  readonly settings: Settings
  readonly predictEpsilon: PredictEpsilon
}

/** What decoding runs on. */
export interface DecodeTrajectory extends Trajectory<DecodeSettings> {
  /**
   * Noise key of each latent of the batch: one for each sample, but the same one for all frames of a film.
   * Needed only if decoding draws noise.
   */
  readonly noiseItems?: readonly number[]
}

/**
 * Returns diffusers' step length if both the solver and the spacing are its own and the solver has a fixed
 * stride; undefined otherwise.
 */
function strideOf(schedule: NoiseSchedule, { solver, timestepSpacing, steps }: TrajectorySettings) {
  const strides =
    timestepSpacingOf(timestepSpacing).isDiffusers && solverOf(solver).diffusersLayout === 'fixedStride'
  return strides ? diffusersStride(schedule, steps) : undefined
}

/** @throws DomainError  with the reason, when the settings are incompatible */
function requireSense(settings: EncodeSettings | DecodeSettings): void {
  const reason = reasonAgainst(settings)
  if (reason !== null) throw new DomainError(reason)
}

/**
 * Encodes pictures by following the ODE of eq. 14 of the paper from the clean picture up to the end timestep.
 * It is deterministic, and x0 is never clipped, which would break the inverse.
 *
 * @param x0  [N, C, H, W] on [-1, 1]; never changed
 * @returns the latents, as one batch
 * @throws DomainError  when the settings are incompatible with the schedule or with each other
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

/**
 * Where decoding starts: at the latent with the whole path, or at the second state of a leapfrog pair with
 * the rest of it.
 */
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
 * The previous state of a leapfrog pair is used if it lies at the second timestep, as it does for the
 * timesteps it was encoded with. With other timesteps or solvers, decoding starts from the latent alone.
 *
 * @param latent  a batch, at any timestep, which is where the timesteps end; never changed
 * @returns x0, [N, C, H, W]: nominally on [-1, 1], but not clamped at the end
 * @throws DomainError  when the settings are incompatible with the schedule, the latent or each other
 */
export async function* decode(
  latent: Latent,
  trajectory: DecodeTrajectory,
): AsyncGenerator<SolverStep, Tensor> {
  const { schedule, settings, predictEpsilon } = trajectory
  requireSense(settings)
  if (settings.clip && schedule.clipRange === Infinity) {
    throw new DomainError(
      'The states of this latent-diffusion model have no range to be clipped to: decode without clipping.',
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
