import type { Precision } from '#shared/devices'
import { createGaussian } from '#core/random/gaussian'
import { createTensor, sizeOf, type Tensor } from '#core/diffusion/tensor'
import { computeTypes, GraphWriter, type Value } from '../model/graph/graphWriter'
import { TensorProto_DataType as DataType } from '../model/graph/onnx_pb'
import { Scope, type WeightSource } from '../model/graph/Scope'
import { timestepSinusoids } from '../model/graph/timeEmbedding'
import { parseUNetConfig, type UNetConfig } from '../model/graph/unetConfig'
import { writeUNet } from '../model/graph/unetGraph'

/** One network with every kind of layer that this program's U-Nets have, in two sizes. */
export const probeSizes = {
  /** Takes only a moment even on a graphics card emulated in software. */
  small: { side: 8, channels: [16, 32], batch: 2 },
  /** Large enough for a graphics card to show what it can do. */
  large: { side: 32, channels: [32, 64], batch: 8 },
} as const
export type ProbeSize = keyof typeof probeSizes

function configOf(size: ProbeSize): UNetConfig {
  const { side, channels } = probeSizes[size]
  const options = {
    sample_size: side,
    block_out_channels: channels,
    down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
    up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
    layers_per_block: 1,
    norm_num_groups: 8,
    attention_head_dim: 16,
  }
  return parseUNetConfig(options, 'the probe network')
}

/**
 * Made-up weights, the same on every machine, scaled so that features neither grow nor vanish (He et
 * al. 2015).
 */
class GaussianWeights implements WeightSource {
  private readonly gaussian = createGaussian(1)

  constructor(private readonly graph: GraphWriter) {}

  take([name]: readonly string[], shape: readonly number[]): Value {
    const values = new Float32Array(sizeOf(shape))
    this.gaussian.fill(values)
    const isMatrix = shape.length > 1
    const scale = isMatrix ? 1 / Math.sqrt(sizeOf(shape.slice(1))) : 0.1
    // A vector is either a bias, around 0, or the scale of a norm, around 1.
    const offset = !isMatrix && name.endsWith('weight') ? 1 : 0
    const bytes = new Uint8Array(values.map((value) => offset + scale * value).buffer)
    return this.graph.constant(name, shape, DataType.FLOAT, bytes)
  }
}

/** Builds the network that every device is tested with, as an ONNX graph that needs no other file. */
export function buildProbeNetwork(
  size: ProbeSize,
  precision: Precision,
  batch: number = probeSizes[size].batch,
): Uint8Array {
  const graph = new GraphWriter(computeTypes[precision])
  return graph.finish(writeUNet(configOf(size), batch)(new Scope(graph, new GaussianWeights(graph))))
}

/**
 * Returns the network's inputs: noise, and a timestep in the middle of the schedule. A larger batch repeats the same
 * noise, so that its answer is known as well.
 */
export function probeInputs(
  size: ProbeSize,
  batch: number = probeSizes[size].batch,
): { sample: Tensor; sinusoids: Tensor } {
  const config = configOf(size)
  const { channels, height, width } = config
  const noise = createTensor([probeSizes[size].batch, channels, height, width])
  createGaussian(2).fill(noise.data)
  const sample = createTensor([batch, channels, height, width])
  sample.data.forEach((_, i) => (sample.data[i] = noise.data[i % noise.data.length]))
  return { sample, sinusoids: timestepSinusoids(config, 500) }
}
