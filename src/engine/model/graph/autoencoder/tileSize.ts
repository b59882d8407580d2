import { computeTypes } from '../graphWriter'
import { activationBytes } from '../networkGraph'
import { type AutoencoderPlan, writeCoding } from './autoencoderGraph'

/**
 * The most that decoding a picture may take at once, in bytes. It is the same on every machine, so that a picture is, too:
 * Stable Diffusion 1 at 512 pixels stays below it, and SDXL at 1024 does not.
 */
const mostDecodingBytes = 2 * 2 ** 30

/** A smaller tile sees too little of the picture around it. */
const smallestTile = 16

/**
 * The largest part of a state that is decoded within a limit of memory: about a square.
 *
 * @returns null where the whole state is
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
