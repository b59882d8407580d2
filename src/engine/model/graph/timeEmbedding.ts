import { createTensor, type Tensor } from '#core/diffusion/tensor'
import type { Value } from './graphWriter'
import { linear } from './layers'
import { silu } from './operators'
import type { Scope } from './Scope'
import type { UNetConfig } from './unetConfig'

/**
 * The timestep as the vector that every residual block is shown: two linear layers on its sinusoids. One timestep
 * serves the whole batch.
 *
 * @param sinusoids  [1, C] of {@link timestepSinusoids}
 * @returns [1, D], already through the SiLU that every residual block begins with
 */
export function timeEmbedding(module: Scope, sinusoids: Value): Value {
  const { timeEmbeddingDim } = module.config
  const hidden = linear(module.at('linear_1'), sinusoids, timeEmbeddingDim)
  return silu(module, linear(module.at('linear_2'), silu(module, hidden), timeEmbeddingDim))
}

/**
 * Sines and cosines of the timestep at geometrically falling frequencies (Vaswani et al. 2017, section 3.5), as the
 * network's second input, [1, C]. Not part of the graph: the sine of a graphics card may be off by 2^-11.
 */
export function timestepSinusoids(config: UNetConfig, timestep: number): Tensor {
  const { blockOutChannels, freqShift, flipSinToCos } = config
  // Angles are rounded to float32 as they were when the network was trained.
  const angles = sinusoidFrequencies(blockOutChannels[0] / 2, freqShift).map((frequency) =>
    Math.fround(Math.fround(frequency) * timestep),
  )
  const sines = angles.map(Math.sin)
  const cosines = angles.map(Math.cos)
  const values = flipSinToCos ? [...cosines, ...sines] : [...sines, ...cosines]
  return createTensor([1, values.length], Float32Array.from(values))
}

/** 10000^(-i / (count - shift)) for i = 0 … count - 1. */
export function sinusoidFrequencies(count: number, shift: number): number[] {
  return Array.from({ length: count }, (_, i) => 10_000 ** (-i / (count - shift)))
}
