import type { Attend, Block } from './blocks'
import type { AttentionPlan, ConditionBlockPlan, ConditionUNetConfig } from './conditionUnetConfig'
import type { Value } from './graphWriter'
import type { WriteNetwork } from './networkGraph'
import { add, silu } from './operators'
import type { Scope } from './Scope'
import { timeEmbedding } from './timeEmbedding'
import { transformer } from './transformer'
import { unetBody } from './unetBody'
import { centered } from './unetGraph'

/** The number of tokens of a text, including start and end; shorter texts are padded. */
export const textTokens = 77

/**
 * Writes a diffusers `UNet2DConditionModel` for one batch size.
 *
 * Inputs, all float32: `sample` [N, C, H, W], `sinusoids` of the timestep [1, D], `text`
 * [N, 77, textChannels], the text encoder's output for the prompt, and for SDXL `added` [N, length]. Output:
 * the network's prediction, [N, C, H, W].
 */
export function writeConditionUNet(config: ConditionUNetConfig, batch: number): WriteNetwork {
  return (model) => {
    const sample = model.graph.input('sample', [batch, config.channels, config.height, config.width])
    const sinusoids = model.graph.input('sinusoids', [1, config.sinusoidChannels])
    const context = model.graph.input('text', [batch, textTokens, config.textChannels])
    const added = config.added && model.graph.input('added', [batch, config.added.length])
    const embedding = embed(model, config, sinusoids, added)
    const norm = { groups: config.normNumGroups, eps: config.normEps }
    const resnet: Block['resnet'] = { norm, time: { embedding, mode: 'default' } }
    const attendOf = ({ heads, depth }: AttentionPlan): Attend => {
      const { linearProjection, upcastAttention } = config
      const options = {
        groups: config.normNumGroups,
        heads,
        depth,
        linearProjection,
        upcastAttention,
        context,
      }
      return (module, x) => transformer(module, x, options)
    }
    const blockOf = (plan: ConditionBlockPlan): Block => ({
      channels: plan.channels,
      layers: plan.layers,
      resampling: plan.resampling,
      resnet,
      attend: plan.withAttention ? attendOf(plan) : null,
      downsamplePadding: config.downsamplePadding,
    })
    return unetBody(model, centered(model, config, sample), {
      firstChannels: config.firstChannels,
      outChannels: config.outChannels,
      downBlocks: config.downBlocks.map(blockOf),
      midBlock: {
        resnet,
        attend: attendOf(config.midBlock),
        outputScaleFactor: config.midBlockScaleFactor,
      },
      upBlocks: config.upBlocks.map(blockOf),
    })
  }
}

/** Returns the vector that every residual block receives: the time embedding, plus any added conditions. */
function embed(
  model: Scope,
  { timeEmbeddingDim: dim }: ConditionUNetConfig,
  sinusoids: Value,
  added: Value | null,
): Value {
  const time = timeEmbedding(model.at('time_embedding'), sinusoids, dim)
  const sum = added === null ? time : add(model, timeEmbedding(model.at('add_embedding'), added, dim), time)
  return silu(model, sum)
}
