import { DomainError } from '../DomainError'
import { linearCombination } from './linearCombination'
import type { NoiseLevel } from './noiseLevel'
import { levelAt, type NoiseSchedule } from './noiseSchedule'
import type { PredictionType } from './schedulerConfig'
import { createTensor, type Tensor } from './tensor'

/**
 * epsilon_theta(x_t, t) of a batch [N, C, H, W] at one timestep from 0 to T-1, which is fractional for
 * solvers that evaluate between timesteps. Writes to `out` and returns it if it is given; never changes `x`.
 */
export type PredictEpsilon = (x: Tensor, timestep: number, out?: Tensor) => Promise<Tensor>

/**
 * Converts a network's output to epsilon, so that no other code depends on what the network predicts. With
 * signal a and noise s of the level, so that x = a x0 + s epsilon:
 *
 * - `epsilon`: unchanged
 * - `v_prediction`: v = a epsilon - s x0, hence epsilon = a v + s x, as a^2 + s^2 = 1 in variance preserving
 *   schedules
 * - `flow_prediction`: v = epsilon - x0, hence epsilon = (x + a v) / (a + s)
 * - `sample`: x0, hence epsilon = (x - a x0) / s
 *
 * @param out  may be `output` itself; if omitted, the output of an epsilon network is returned as it is
 * @throws DomainError  for a `sample` network at zero noise, where x0 does not determine epsilon
 */
export function toEpsilon(
  output: Tensor,
  x: Tensor,
  { signal: a, noise: s }: NoiseLevel,
  predictionType: PredictionType,
  out?: Tensor,
): Tensor {
  switch (predictionType) {
    case 'epsilon':
      return out && out !== output ? linearCombination([1], [output], out) : output
    case 'v_prediction':
      return linearCombination([a, s], [output, x], out ?? createTensor(x.shape))
    case 'flow_prediction':
      return linearCombination([1 / (a + s), a / (a + s)], [x, output], out ?? createTensor(x.shape))
    case 'sample':
      if (s === 0)
        throw new DomainError('A clean picture holds no noise: epsilon cannot be told from x0 there.')
      return linearCombination([1 / s, -a / s], [x, output], out ?? createTensor(x.shape))
  }
}

/**
 * Returns the predicted x0 = (x - noise epsilon) / signal: the first term of eq. 12 of the paper.
 *
 * @throws DomainError  if no signal is left, so that epsilon does not determine x0
 */
export function predictX0(
  x: Tensor,
  epsilon: Tensor,
  { signal, noise }: NoiseLevel,
  out: Tensor = createTensor(x.shape),
): Tensor {
  if (signal === 0) throw new DomainError('Pure noise holds no signal: x0 cannot be told from epsilon there.')
  return linearCombination([1 / signal, -noise / signal], [x, epsilon], out)
}

/**
 * Wraps a predictor so that the x0 it implies stays in the schedule's clip range ([-1, 1] if it has none): x0
 * is clipped and epsilon recomputed from it, so that x = a x0 + s epsilon still holds. For decoding only.
 */
export function clipX0(predictEpsilon: PredictEpsilon, schedule: NoiseSchedule): PredictEpsilon {
  const limit = schedule.clipRange ?? 1
  return async (x, timestep, out) => {
    const epsilon = await predictEpsilon(x, timestep, out)
    const level = levelAt(schedule, timestep)
    const x0 = predictX0(x, epsilon, level, epsilon)
    for (let i = 0; i < x0.data.length; i++) x0.data[i] = Math.min(limit, Math.max(-limit, x0.data[i]))
    return toEpsilon(x0, x, level, 'sample', epsilon)
  }
}
