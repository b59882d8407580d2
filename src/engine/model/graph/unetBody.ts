import { type Block, downBlock, midBlock, type MidBlockOptions, upBlock } from './blocks'
import type { Value } from './graphWriter'
import { conv2d, groupNorm } from './layers'
import { silu } from './operators'
import type { Scope } from './Scope'

/** The common part of all U-Nets, whose blocks already include their conditioning. */
export interface UNetBody {
  /** Channels after the first convolution. */
  readonly firstChannels: number
  readonly outChannels: number
  readonly downBlocks: readonly Block[]
  readonly midBlock: MidBlockOptions | null
  readonly upBlocks: readonly Block[]
}

/** Writes a whole U-Net (Ho et al. 2020, appendix B). [N, C, H, W] -> [N, outChannels, H, W]. */
export function unetBody(model: Scope, sample: Value, body: UNetBody): Value {
  let h = conv2d(model.at('conv_in'), sample, body.firstChannels)
  const skips = [h]
  body.downBlocks.forEach((block, i) => {
    skips.push(...downBlock(model.at(`down_blocks.${i}`), h, block))
    h = skips.at(-1)!
  })
  if (body.midBlock) h = midBlock(model.at('mid_block'), h, body.midBlock)
  body.upBlocks.forEach((block, i) => {
    h = upBlock(model.at(`up_blocks.${i}`), h, skips, block)
  })
  h = silu(model, groupNorm(model.at('conv_norm_out'), h, body.downBlocks[0].resnet.norm))
  return conv2d(model.at('conv_out'), h, body.outChannels)
}
