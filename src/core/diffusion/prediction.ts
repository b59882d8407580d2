import { linearCombination } from './linearCombination'
import type { NoiseSchedule } from './noiseSchedule'
import type { PredictionType } from './schedulerConfig'
import { createTensor, type Tensor } from './tensor'

/**
 * epsilon_theta(x_t, t) of a batch [N, C, H, W] at one timestep 0 … T-1. Writes and returns `out` when it is given;
 * never changes `x`.
 */
export type PredictEpsilon = (x: Tensor, timestep: number, out?: Tensor) => Promise<Tensor>

/**
 * Turns a network's output into epsilon, so that nothing else asks what the network predicts. With a = sqrt(alphaBar)
 * and s = sqrt(1 - alphaBar), so that x = a x0 + s epsilon:
 *
 * - `epsilon`: as it is
 * - `v_prediction`: v = a epsilon - s x0, hence epsilon = a v + s x
 * - `sample`: x0, hence epsilon = (x - a x0) / s
 *
 * @param out  may be `output` itself; an epsilon network's output is returned as it is when `out` is left out
 * @throws RangeError  for a `sample` network at alphaBar 1, where x0 says nothing of epsilon
 */
export function toEpsilon(
  output: Tensor,
  x: Tensor,
  alphaBar: number,
  predictionType: PredictionType,
  out?: Tensor,
): Tensor {
  const a = Math.sqrt(alphaBar)
  const s = Math.sqrt(1 - alphaBar)
  switch (predictionType) {
    case 'epsilon':
      return out && out !== output ? linearCombination([1], [output], out) : output
    case 'v_prediction':
      return linearCombination([a, s], [output, x], out ?? createTensor(x.shape))
    case 'sample':
      if (s === 0) throw new RangeError('alphaBar 1 holds no noise: epsilon cannot be told from x0 there.')
      return linearCombination([1 / s, -a / s], [x, output], out ?? createTensor(x.shape))
  }
}

/** The predicted x0 = (x - sqrt(1 - alphaBar) epsilon) / sqrt(alphaBar): the first term of eq. 12 of the paper. */
export function predictX0(
  x: Tensor,
  epsilon: Tensor,
  alphaBar: number,
  out: Tensor = createTensor(x.shape),
): Tensor {
  const a = Math.sqrt(alphaBar)
  return linearCombination([1 / a, -Math.sqrt(1 - alphaBar) / a], [x, epsilon], out)
}

/**
 * Wraps a predictor so that the x0 it stands for stays in the schedule's clip range ([-1, 1] where it names none):
 * x0 is clipped and epsilon re-derived from it, so x = a x0 + s epsilon still holds. For decoding only.
 */
export function clipX0(predictEpsilon: PredictEpsilon, schedule: NoiseSchedule): PredictEpsilon {
  const limit = schedule.clipRange ?? 1
  return async (x, timestep, out) => {
    const epsilon = await predictEpsilon(x, timestep, out)
    const alphaBar = schedule.alphasCumprod[timestep]
    const x0 = predictX0(x, epsilon, alphaBar, epsilon)
    for (let i = 0; i < x0.data.length; i++) x0.data[i] = Math.min(limit, Math.max(-limit, x0.data[i]))
    return toEpsilon(x0, x, alphaBar, 'sample', epsilon)
  }
}
