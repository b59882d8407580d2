import type { DecodeSettings, EncodeSettings } from '#shared/settings'
import { diffusersStride, isDiffusersKind } from './diffusersTimesteps'
import { countEvaluations, integrate, type SolverStep } from './integrate'
import type { Latent } from './latent'
import { createNodes, type Nodes } from './nodes'
import type { NoiseSchedule } from './noiseSchedule'
import { decodingPath, encodingPath } from './path'
import { clipX0, type PredictEpsilon } from './prediction'
import { createRule } from './solvers/createRule'
import { ddim } from './solvers/ddim'
import type { Rule } from './solvers/rule'
import type { Tensor } from './tensor'

/** What a trajectory runs on. The predictor sees batches [N, C, H, W] and is never asked two things at once. */
export interface Trajectory<Settings> {
  readonly schedule: NoiseSchedule
  readonly settings: Settings
  readonly predictEpsilon: PredictEpsilon
}

/** diffusers' own nodes walked by its own rule take its own stride as well; see diffusersTimesteps.ts. */
function strideOf(schedule: NoiseSchedule, nodes: Nodes, solver: string): number | undefined {
  const asDiffusers = isDiffusersKind(nodes.kind) && solver === 'ddim'
  return asDiffusers ? diffusersStride(schedule, nodes.timesteps.length) : undefined
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
  const { solver, nodes: kind, steps, label, terminal } = settings
  const nodes = createNodes(schedule, kind, steps, terminal)
  const path = encodingPath(schedule, nodes, label, strideOf(schedule, nodes, solver))
  const { predict, count } = countEvaluations(predictEpsilon)
  const x = yield* integrate(x0, path, createRule(solver, predict), count)
  return { x, timestep: nodes.timesteps[steps - 1] }
}

function decodingRule(settings: DecodeSettings, predict: PredictEpsilon): Rule {
  const { solver, eta, sigmaHat, seed } = settings
  if (eta === 0 && !sigmaHat) return createRule(solver, predict)
  if (solver === 'ddim') return ddim(predict, { eta, sigmaHat, seed })
  throw new RangeError(`The solver ${solver} is deterministic: noise (eta ${eta}, sigmaHat) needs ddim.`)
}

/**
 * Decodes latents from their timestep down to the clean picture.
 *
 * @param latent  a batch, at any timestep; never changed. Its timestep is the terminal of the nodes.
 * @returns x0, [N, C, H, W]: nominally on [-1, 1], but never cut off at the end
 * @throws RangeError  for settings that fit neither the schedule, the latent nor each other
 */
export async function* decode(
  latent: Latent,
  { schedule, settings, predictEpsilon }: Trajectory<DecodeSettings>,
): AsyncGenerator<SolverStep, Tensor> {
  const nodes = createNodes(schedule, settings.nodes, settings.steps, latent.timestep)
  const path = decodingPath(schedule, nodes, strideOf(schedule, nodes, settings.solver))
  const { predict, count } = countEvaluations(predictEpsilon)
  const clipped = settings.clip ? clipX0(predict, schedule) : predict
  return yield* integrate(latent.x, path, decodingRule(settings, clipped), count)
}
