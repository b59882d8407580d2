import type { DecodeSettings, EncodeSettings } from '#shared/settings'
import { diffusersStride } from './diffusersTimesteps'
import { countEvaluations, integrate, type SolverStep } from './integrate'
import type { Latent } from './latent'
import { chooseTimesteps } from './timestepSpacing'
import type { NoiseSchedule } from './noiseSchedule'
import { decodingPath, encodingPath, type PathStep } from './path'
import { clipX0, type PredictEpsilon } from './prediction'
import { createSolver } from './solvers/createSolver'
import { ddim } from './solvers/ddim'
import { leapfrog } from './solvers/leapfrog'
import type { Solver } from './solvers/solver'
import type { Tensor } from './tensor'

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

function checkEncoding({ solver, label, steps }: EncodeSettings): void {
  if (label === 'destination' && (solver === 'heun' || solver === 'fixedPoint' || solver === 'leapfrog')) {
    throw new RangeError(`The solver ${solver} does not work with destination labels: take source labels.`)
  }
  if (solver === 'leapfrog' && steps < 2) {
    throw new RangeError(`A leapfrog latent is a pair of states: ${steps} step is too few, take at least 2.`)
  }
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
  checkEncoding(settings)
  const { solver, nodes: kind, steps, label, terminal } = settings
  const nodes = chooseTimesteps(schedule, kind, steps, terminal, solver)
  const path = encodingPath(schedule, nodes, label, diffusersStride(schedule, kind, steps, solver))
  const { predict, count } = countEvaluations(predictEpsilon)
  const rule = createSolver(solver, kind, predict)
  const x = yield* integrate(x0, path, rule, count)
  const timestep = nodes.timesteps[steps - 1]
  return rule.previousState ? { x, timestep, previousState: rule.previousState } : { x, timestep }
}

/** Where decoding begins: the latent and the whole path, or the second state of a leapfrog pair and the rest of it. */
interface Beginning {
  readonly start: Tensor
  readonly path: readonly PathStep[]
  readonly rule: Solver
}

function begin(
  { x, previousState }: Latent,
  path: readonly PathStep[],
  { settings: { solver, nodes, eta, sigmaHat, seed }, noiseItems = [] }: DecodeTrajectory,
  predict: PredictEpsilon,
): Beginning {
  if (solver === 'ddim') {
    return { start: x, path, rule: ddim(predict, { eta, sigmaHat, seed, items: noiseItems }) }
  }
  if (eta > 0 || sigmaHat) {
    throw new RangeError(`The solver ${solver} is deterministic: noise (eta ${eta}, sigmaHat) needs ddim.`)
  }
  const [first, ...rest] = path
  if (solver === 'leapfrog' && previousState?.timestep === first.to.timestep) {
    return { start: previousState.x, path: rest, rule: leapfrog(predict, { x, point: first.from }) }
  }
  return { start: x, path, rule: createSolver(solver, nodes, predict) }
}

/**
 * Decodes latents from their timestep down to the clean picture.
 *
 * The other half of a leapfrog pair serves where it stands on the second node, so for the nodes it was encoded with;
 * other nodes and other solvers start from the latent alone.
 *
 * @param latent  a batch, at any timestep; never changed. Its timestep is the terminal of the nodes.
 * @returns x0, [N, C, H, W]: nominally on [-1, 1], but never cut off at the end
 * @throws RangeError  for settings that fit neither the schedule, the latent nor each other
 */
export async function* decode(
  latent: Latent,
  trajectory: DecodeTrajectory,
): AsyncGenerator<SolverStep, Tensor> {
  const { schedule, settings, predictEpsilon } = trajectory
  const { nodes: kind, steps, solver } = settings
  const nodes = chooseTimesteps(schedule, kind, steps, latent.timestep, solver)
  const { predict, count } = countEvaluations(predictEpsilon)
  const { start, path, rule } = begin(
    latent,
    decodingPath(schedule, nodes, diffusersStride(schedule, kind, steps, solver)),
    trajectory,
    settings.clip ? clipX0(predict, schedule) : predict,
  )
  return yield* integrate(start, path, rule, count)
}
