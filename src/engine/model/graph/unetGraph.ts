import { attention } from './attention'
import type { Attend, Block, BlockPlan, MidBlockOptions } from './blocks'
import type { Value } from './graphWriter'
import type { WriteNetwork } from './networkGraph'
import { add, matMul, scale, silu } from './operators'
import type { Scope } from './Scope'
import { timeEmbedding, writeSinusoids } from './timeEmbedding'
import { unetBody } from './unetBody'
import type { UNetConfig } from './unetConfig'

/**
 * Writes a diffusers `UNet2DModel` for one batch size.
 *
 * Inputs, all float32: `sample` [N, C, H, W], `sinusoids` of the timestep [1, D] and, if there are K classes,
 * `classes` [N, K], the weights of their embeddings. Output: the network's prediction, [N, C or 2C, H, W].
 * All shapes are constant.
 */
export function writeUNet(config: UNetConfig, batch: number): WriteNetwork {
  return (model) => {
    const inputs = commonInputs(model, config, batch)
    const sinusoids = model.graph.input('sinusoids', [1, config.sinusoidChannels])
    return unet(model, config, { sinusoids, ...inputs })
  }
}

/**
 * Writes the same network for other programs, with batches of any size: its input is `timestep` [N] instead of
 * sinusoids, and its states have the type that it computes in. At whole timesteps from 0 to T-1 its results are
 * bit-identical to those of {@link writeUNet}.
 *
 * @param timesteps  T
 */
export function writeServedUNet(config: UNetConfig, timesteps: number): WriteNetwork {
  return (model) => {
    const inputs = commonInputs(model, config, 1)
    const timestep = model.graph.input('timestep', [1])
    const sinusoids = writeSinusoids(model.graph, timestep, { ...config, timesteps })
    return unet(model, config, { sinusoids, ...inputs })
  }
}

/** The inputs of a network; `classes` is null for networks without classes. */
interface UNetInputs {
  readonly sample: Value
  readonly sinusoids: Value
  readonly classes: Value | null
}

function commonInputs(
  { graph }: Scope,
  { channels, height, width, classCount }: UNetConfig,
  batch: number,
): Omit<UNetInputs, 'sinusoids'> {
  return {
    sample: graph.input('sample', [batch, channels, height, width], graph.stateType),
    classes: classCount === null ? null : graph.input('classes', [batch, classCount]),
  }
}

function unet(model: Scope, config: UNetConfig, { sample, ...shown }: UNetInputs): Value {
  const resnet = resnetOf(config, embed(model, config, shown))
  const blockOf = ({ withAttention, ...plan }: BlockPlan): Block => ({
    ...plan,
    resnet,
    attend: withAttention ? attendOf(config) : null,
    downsamplePadding: config.downsamplePadding,
  })
  return unetBody(model, centered(model, config, sample), {
    firstChannels: config.blockOutChannels[0],
    outChannels: config.outChannels,
    downBlocks: config.downBlocks.map(blockOf),
    midBlock: config.hasMidBlock ? midBlockOf(config, resnet) : null,
    upBlocks: config.upBlocks.map(blockOf),
  })
}

/** Returns the vector that every residual block receives: the time embedding, plus any class embedding. */
function embed(
  model: Scope,
  { timeEmbeddingDim: dim, classCount }: UNetConfig,
  { sinusoids, classes }: Omit<UNetInputs, 'sample'>,
): Value {
  const module = model.at('time_embedding')
  const time = timeEmbedding(module, sinusoids, dim)
  if (classes === null || classCount === null) return silu(module, time)
  const table = model.at('class_embedding').weight('weight', [classCount, dim])
  return silu(module, add(module, matMul(module, classes, table), time))
}

function resnetOf(config: UNetConfig, embedding: Value): Block['resnet'] {
  const norm = { groups: config.normNumGroups, eps: config.normEps }
  return { norm, time: { embedding, mode: config.resnetTimeScaleShift } }
}

function attendOf({ normNumGroups: groups, normEps: eps, attentionHeadDim: headDim }: UNetConfig): Attend {
  return (module, x) => attention(module, x, { norm: { groups, eps }, headDim })
}

function midBlockOf(config: UNetConfig, resnet: Block['resnet']): MidBlockOptions {
  const {
    midAttentionGroups: groups,
    midBlockScaleFactor: outputScaleFactor,
    attentionHeadDim: headDim,
  } = config
  const norm = groups === null ? null : { groups, eps: config.normEps }
  const attend: Attend = (module, x) => attention(module, x, { norm, headDim, outputScaleFactor })
  return { resnet, attend: config.addAttention ? attend : null, outputScaleFactor }
}

/** Maps [0, 1] to [-1, 1], if the network was trained to do so itself. */
export function centered(
  model: Scope,
  { centerInputSample }: Pick<UNetConfig, 'centerInputSample'>,
  sample: Value,
): Value {
  if (!centerInputSample) return sample
  return add(model, scale(model, sample, 2), model.graph.floats([-1], []))
}
