import { downBlock, midBlock, upBlock } from './blocks'
import { GraphWriter, type Value } from './graphWriter'
import { conv2d, groupNorm, type Network } from './layers'
import { add, mul, silu } from './operators'
import { timeEmbedding } from './timeEmbedding'
import type { UNetConfig } from './unetConfig'
import { WeightInitializers } from './weightInitializers'
import type { Weights } from './weights'

/**
 * Builds the ONNX graph of a diffusers `UNet2DModel` for one batch size.
 *
 * Inputs: `sample` [N, C, H, W] and `timestep` [1, 1], both float32. Output: what the network predicts,
 * [N, C, H, W]. Every shape is a constant, and weights stay in their file wherever the runtime can read them there.
 *
 * @throws StudioError BAD_MODEL when a tensor is missing, left over or of another shape than the configuration says
 */
export function buildUNetGraph(config: UNetConfig, weights: Weights, batch: number): Uint8Array {
  const graph = new GraphWriter()
  const net: Network = { graph, config, weights: new WeightInitializers(graph, weights) }
  const sample = graph.input('sample', [batch, config.channels, config.height, config.width])
  const temb = timeEmbedding(net, graph.input('timestep', [1, 1]))
  const output = unet(net, sample, temb)
  net.weights.assertAllTaken()
  return graph.finish(output)
}

function unet(net: Network, sample: Value, temb: Value): Value {
  const { graph, config } = net
  let h = conv2d(net, 'conv_in', centered(net, sample), config.blockOutChannels[0])
  const skips = [h]
  config.downBlocks.forEach((plan, i) => {
    h = downBlock(net, `down_blocks.${i}`, h, temb, skips, plan)
  })
  if (config.hasMidBlock) h = midBlock(net, 'mid_block', h, temb)
  config.upBlocks.forEach((plan, i) => {
    h = upBlock(net, `up_blocks.${i}`, h, temb, skips, plan)
  })
  h = silu(graph, 'conv_act', groupNorm(net, 'conv_norm_out', h))
  return conv2d(net, 'conv_out', h, config.channels)
}

/** [0, 1] to [-1, 1], for networks that were trained on the former. */
function centered({ graph, config }: Network, sample: Value): Value {
  if (!config.centerInputSample) return sample
  const doubled = mul(graph, 'center', sample, graph.floats([2], []))
  return add(graph, 'center', doubled, graph.floats([-1], []))
}
