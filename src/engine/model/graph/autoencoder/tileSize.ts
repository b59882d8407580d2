import { computeTypes } from '../graphWriter'
import { activationBytes } from '../networkGraph'
import { type AutoencoderPlan, writeCoding } from './autoencoderGraph'

/**
 * The most bytes that decoding a picture may take at once. The limit is the same on every machine, so that
 * results are too: Stable Diffusion 1 at 512 pixels stays below it, SDXL at 1024 does not.
 */
const mostDecodingBytes = 2 * 2 ** 30

/** Tiles stop shrinking at this side, in positions: smaller ones would see too little context. */
const smallestTile = 16

/**
 * Returns the largest tile of a state, roughly square, that can be decoded within a memory limit.
 *
 * @returns null if the whole state can be decoded at once
 */
export function tileSizeFor(
  plan: AutoencoderPlan,
  limit = mostDecodingBytes,
): AutoencoderPlan['stateSize'] | null {
  const { height, width } = plan.stateSize
  const fits = (stateSize: AutoencoderPlan['stateSize']) =>
    activationBytes(writeCoding('decoder', { ...plan, stateSize }, 1), computeTypes.fp32) <= limit
  if (fits(plan.stateSize)) return null
  let side = Math.max(height, width)
  for (;;) {
    side = Math.floor((side * 3) / 4)
    const tile = { height: Math.min(height, side), width: Math.min(width, side) }
    if (side <= smallestTile || fits(tile)) return tile
  }
}
