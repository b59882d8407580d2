import type { Value } from './graphWriter'
import { linear, type Network } from './layers'
import { concat, silu } from './operators'

/**
 * The timestep as the vector that every residual block is shown: sinusoids of geometrically falling frequency
 * (Vaswani et al. 2017, section 3.5), then two linear layers. One timestep serves the whole batch.
 *
 * @param timestep  [1, 1], float32
 * @returns [1, D], after the SiLU that every block would apply to it
 */
export function timeEmbedding(net: Network, timestep: Value): Value {
  const { graph, config } = net
  const path = 'time_proj'
  const frequencies = sinusoidFrequencies(config.blockOutChannels[0] / 2, config.freqShift)
  const angles = graph.node(
    path,
    'Mul',
    [timestep, graph.floats(frequencies, [1, frequencies.length])],
    [1, frequencies.length],
  )
  const sines = graph.node(path, 'Sin', [angles], angles.shape)
  const cosines = graph.node(path, 'Cos', [angles], angles.shape)
  const sinusoids = concat(graph, path, config.flipSinToCos ? [cosines, sines] : [sines, cosines], 1)
  const hidden = silu(
    graph,
    'time_embedding.act',
    linear(net, 'time_embedding.linear_1', sinusoids, config.timeEmbeddingDim),
  )
  return silu(
    graph,
    'time_embedding',
    linear(net, 'time_embedding.linear_2', hidden, config.timeEmbeddingDim),
  )
}

/** 10000^(-i / (count - shift)) for i = 0 … count - 1. */
export function sinusoidFrequencies(count: number, shift: number): number[] {
  return Array.from({ length: count }, (_, i) => 10_000 ** (-i / (count - shift)))
}
