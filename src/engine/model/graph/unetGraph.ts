import { type BlockStyle, downBlock, midBlock, type MidBlockOptions, upBlock } from './blocks'
import { type ComputeType, GraphWriter, type Value } from './graphWriter'
import { conv2d, groupNorm } from './layers'
import { add, matMul, scale, silu } from './operators'
import { madeUpWeights, Scope } from './Scope'
import { timeEmbedding, timestepSinusoids } from './timeEmbedding'
import { TensorProto_DataType as DataType } from './onnx_pb'
import type { UNetConfig } from './unetConfig'
import { WeightCheck, WeightInitializers } from './weightInitializers'
import type { Weights } from '../weights/networkWeights'

/**
 * Builds the ONNX graph of a diffusers `UNet2DModel` for one batch size.
 *
 * Inputs, all float32: `sample` [N, C, H, W], `sinusoids` of the timestep [1, D] and, where it has K classes, `classes`
 * [N, K], the weights of their embeddings. Output: what the network
 * predicts, [N, C or 2C, H, W]. Every shape is a constant, and weights stay in their file wherever the runtime can read them there.
 *
 * @throws StudioError BAD_MODEL when a tensor is missing or of another shape than the configuration says
 */
export function buildUNetGraph(
  config: UNetConfig,
  weights: Weights,
  batch: number,
  computeType?: ComputeType,
): Uint8Array {
  const graph = new GraphWriter(computeType)
  return writeUNet(new Scope(graph, new WeightInitializers(graph, weights)), config, batch)
}

/** What {@link exportUNetGraph} calls the answer. */
export const exportedOutput = 'out_sample'

/**
 * The same network as a graph for other programs: batches of any size, `timestep` [N] as whole numbers from 0 to T-1 in the place
 * of sinusoids, and one output, `out_sample`. The sinusoids of all timesteps are a table, so answers are those of
 * {@link buildUNetGraph} to the bit.
 *
 * @param timesteps  T
 */
export function exportUNetGraph(
  config: UNetConfig,
  weights: Weights,
  { timesteps, computeType }: { timesteps: number; computeType: ComputeType },
): Uint8Array {
  const graph = new GraphWriter(computeType, true)
  const model = new Scope(graph, new WeightInitializers(graph, weights))
  const sample = graph.input('sample', [1, config.channels, config.height, config.width])
  const timestep = graph.input('timestep', [1], DataType.INT64)
  const { classCount, sinusoidChannels } = config
  const classes = classCount === null ? null : graph.input('classes', [1, classCount])
  const rows = Array.from({ length: timesteps }, (_, t) => [...timestepSinusoids(config, t).data])
  const table = graph.floats(rows.flat(), [timesteps, sinusoidChannels])
  const sinusoids = model.node('Gather', [table, timestep], [1, sinusoidChannels], { axis: 0 })
  return graph.finish(unet(model, config, { sample, sinusoids, classes }), exportedOutput)
}

/**
 * Checks the names and shapes of a network's tensors against its configuration. No weights are read.
 *
 * @returns the names of tensors that the network has no place for, which diffusers ignores too
 * @throws StudioError BAD_MODEL when a tensor is missing or of another shape than the configuration says
 */
export function checkUNetTensors(
  config: UNetConfig,
  tensors: ReadonlyMap<string, { shape: readonly number[]; file: string }>,
): readonly string[] {
  const graph = new GraphWriter()
  const check = new WeightCheck(graph, tensors)
  writeUNet(new Scope(graph, check), config, 1)
  return check.leftOver
}

/** The most memory that the activations of one picture hold at once, in bytes. */
export function activationBytesOf(config: UNetConfig, computeType: ComputeType): number {
  const graph = new GraphWriter(computeType)
  writeUNet(new Scope(graph, madeUpWeights(graph)), config, 1)
  return graph.peakActivationBytes()
}

/** {@link buildUNetGraph} with weights from wherever the scope has them. */
export function writeUNet(model: Scope, config: UNetConfig, batch: number): Uint8Array {
  const sample = model.graph.input('sample', [batch, config.channels, config.height, config.width])
  const sinusoids = model.graph.input('sinusoids', [1, config.sinusoidChannels])
  const { classCount } = config
  const classes = classCount === null ? null : model.graph.input('classes', [batch, classCount])
  return model.graph.finish(unet(model, config, { sample, sinusoids, classes }))
}

/** What a network is shown; `classes` is null for networks without. */
interface UNetInputs {
  readonly sample: Value
  readonly sinusoids: Value
  readonly classes: Value | null
}

function unet(model: Scope, config: UNetConfig, { sample, sinusoids, classes }: UNetInputs): Value {
  const style = styleOf(config, embed(model, config, { sinusoids, classes }))
  let h = conv2d(model.at('conv_in'), centered(model, config, sample), config.blockOutChannels[0])
  const skips = [h]
  config.downBlocks.forEach((plan, i) => {
    skips.push(...downBlock(model.at(`down_blocks.${i}`), h, { ...plan, ...style }))
    h = skips.at(-1)!
  })
  if (config.hasMidBlock) h = midBlock(model.at('mid_block'), h, midBlockOf(config, style))
  config.upBlocks.forEach((plan, i) => {
    h = upBlock(model.at(`up_blocks.${i}`), h, skips, { ...plan, ...style })
  })
  h = silu(model, groupNorm(model.at('conv_norm_out'), h, style.resnet.norm))
  return conv2d(model.at('conv_out'), h, config.outChannels)
}

/** The vector that every residual block is shown: of the timestep, and of the class where there is one. */
function embed(
  model: Scope,
  { timeEmbeddingDim: dim, classCount }: UNetConfig,
  { sinusoids, classes }: Pick<UNetInputs, 'sinusoids' | 'classes'>,
): Value {
  const module = model.at('time_embedding')
  const time = timeEmbedding(module, sinusoids, dim)
  if (classes === null || classCount === null) return silu(module, time)
  const table = model.at('class_embedding').weight('weight', [classCount, dim])
  return silu(module, add(module, matMul(module, classes, table), time))
}

function styleOf(config: UNetConfig, embedding: Value): BlockStyle {
  const norm = { groups: config.normNumGroups, eps: config.normEps }
  return {
    resnet: { norm, time: { embedding, mode: config.resnetTimeScaleShift } },
    attention: { norm, headDim: config.attentionHeadDim },
    downsamplePadding: config.downsamplePadding,
  }
}

function midBlockOf(config: UNetConfig, { resnet, attention }: BlockStyle): MidBlockOptions {
  const { midAttentionGroups: groups } = config
  const norm = groups === null ? null : { groups, eps: config.normEps }
  return {
    resnet,
    attention: config.addAttention ? { ...attention, norm } : null,
    outputScaleFactor: config.midBlockScaleFactor,
  }
}

/** [0, 1] to [-1, 1], where the network was trained to do that itself. */
function centered(model: Scope, { centerInputSample }: UNetConfig, sample: Value): Value {
  if (!centerInputSample) return sample
  return add(model, scale(model, sample, 2), model.graph.floats([-1], []))
}
