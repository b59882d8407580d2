import { createTensor, type Tensor } from '#core/diffusion/tensor'
import type { GraphWriter, Value } from './graphWriter'
import { TensorProto_DataType as DataType } from './onnx_pb'
import { linear } from './layers'
import { silu } from './operators'
import type { Scope } from './Scope'

/** The options for turning a timestep into sinusoids. */
export interface SinusoidOptions {
  /** The number of sinusoids; even. */
  readonly sinusoidChannels: number
  readonly flipSinToCos: boolean
  readonly freqShift: number
}

/**
 * Writes the time embedding that every residual block receives: two linear layers on the timestep's
 * sinusoids. One timestep applies to the whole batch.
 *
 * @param sinusoids  [1, C] of {@link timestepSinusoids}
 * @param dim  D
 * @returns [1, D], before the SiLU that every residual block begins with
 */
export function timeEmbedding(module: Scope, sinusoids: Value, dim: number): Value {
  const hidden = linear(module.at('linear_1'), sinusoids, dim)
  return linear(module.at('linear_2'), silu(module, hidden), dim)
}

/**
 * Returns sines and cosines of the timestep at geometrically decreasing frequencies (Vaswani et al. 2017,
 * section 3.5), as the network's second input, [1, C]. Not part of the graph, because the sine of a graphics
 * card may be off by 2^-11.
 */
export function timestepSinusoids(options: SinusoidOptions, timestep: number): Tensor {
  const values = sinusoidsOf(options, timestep)
  return createTensor([1, values.length], Float32Array.from(values))
}

/** Returns sines and cosines of any number, as {@link timestepSinusoids} does of a timestep. */
export function sinusoidsOf(
  { sinusoidChannels, freqShift, flipSinToCos }: SinusoidOptions,
  timestep: number,
): number[] {
  // Angles are rounded to float32 as they were when the network was trained.
  const angles = sinusoidFrequencies(sinusoidChannels / 2, freqShift).map((frequency) =>
    Math.fround(Math.fround(frequency) * timestep),
  )
  const sines = angles.map(Math.sin)
  const cosines = angles.map(Math.cos)
  return flipSinToCos ? [...cosines, ...sines] : [...sines, ...cosines]
}

/**
 * Writes the same as part of a graph, for each item of a batch: whole timesteps are looked up in a table of
 * {@link timestepSinusoids}, so they are bit-identical; for fractions, and for numbers beyond the table, which
 * a timestep scale above 1 leads to, the runtime's own sine is used. Always float32.
 *
 * @param timestep  [N]
 * @returns [N, C]
 */
export function writeSinusoids(
  graph: GraphWriter,
  timestep: Value,
  { timesteps, ...options }: SinusoidOptions & { readonly timesteps: number },
): Value {
  const { sinusoidChannels: channels, freqShift, flipSinToCos } = options
  const rows = Array.from({ length: timesteps }, (_, t) => [...timestepSinusoids(options, t).data])
  const clamped = graph.exactNode(
    'Clip',
    [timestep, graph.floats([0], []), graph.floats([timesteps - 1], [])],
    [1],
  )
  const index = graph.exactNode('Cast', [clamped], [1], { to: DataType.INT64, dataType: DataType.INT64 })
  const table = graph.floats(rows.flat(), [timesteps, channels])
  const known = graph.exactNode('Gather', [table, index], [1, channels], { axis: 0 })
  const column = graph.exactNode('Unsqueeze', [timestep, graph.integers([1])], [1, 1])
  const frequencies = graph.floats(sinusoidFrequencies(channels / 2, freqShift), [1, channels / 2])
  const angles = graph.exactNode('Mul', [column, frequencies], [1, channels / 2])
  const halves = ['Sin', 'Cos'].map((name) => graph.exactNode(name, [angles], [1, channels / 2]))
  const between = graph.exactNode('Concat', flipSinToCos ? halves.reverse() : halves, [1, channels], {
    axis: 1,
  })
  // A fraction and a number beyond the table both differ from the index they are looked up at.
  const lookedUp = graph.exactNode(
    'Unsqueeze',
    [graph.exactNode('Floor', [clamped], [1]), graph.integers([1])],
    [1, 1],
  )
  const isKnown = graph.exactNode('Equal', [lookedUp, column], [1, 1], { dataType: DataType.BOOL })
  return graph.exactNode('Where', [isKnown, known, between], [1, channels])
}

/** Returns 10000^(-i / (count - shift)) for i = 0 … count - 1. */
export function sinusoidFrequencies(count: number, shift: number): number[] {
  return Array.from({ length: count }, (_, i) => 10_000 ** (-i / (count - shift)))
}
