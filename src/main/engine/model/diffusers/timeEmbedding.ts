import type { Value } from './graphWriter'
import { linear } from './layers'
import { concat, mul, silu } from './operators'
import type { Scope } from './Scope'

/**
 * The timestep as the vector that every residual block is shown: sinusoids, then two linear layers. One timestep
 * serves the whole batch.
 *
 * @param timestep  [1, 1]
 * @returns [1, D], already through the SiLU that every residual block begins with
 */
export function timeEmbedding(module: Scope, timestep: Value): Value {
  const { timeEmbeddingDim } = module.config
  const hidden = linear(module.at('linear_1'), sinusoids(module, timestep), timeEmbeddingDim)
  return silu(module, linear(module.at('linear_2'), silu(module, hidden), timeEmbeddingDim))
}

/** Sines and cosines of the timestep at geometrically falling frequencies (Vaswani et al. 2017, section 3.5). */
function sinusoids(module: Scope, timestep: Value): Value {
  const { blockOutChannels, freqShift, flipSinToCos } = module.config
  const frequencies = sinusoidFrequencies(blockOutChannels[0] / 2, freqShift)
  const angles = mul(module, module.graph.floats(frequencies, [1, frequencies.length]), timestep)
  const sines = module.node('Sin', [angles], angles.shape)
  const cosines = module.node('Cos', [angles], angles.shape)
  return concat(module, flipSinToCos ? [cosines, sines] : [sines, cosines], 1)
}

/** 10000^(-i / (count - shift)) for i = 0 … count - 1. */
export function sinusoidFrequencies(count: number, shift: number): number[] {
  return Array.from({ length: count }, (_, i) => 10_000 ** (-i / (count - shift)))
}
