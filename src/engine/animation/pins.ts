import type { Tensor } from '#core/diffusion/tensor'
import type { PathPosition } from '#core/timeline/timeline'
import { hashTensor } from '../latent/hashLatent'
import type { Pin, ResolvedLatent } from '../latent/ResolvedLatent'

/**
 * A pin, and the share of its correction (picture - reconstruction) that a frame gets: 1 at the stop itself.
 */
export interface WeightedPin extends Pin {
  readonly weight: number
}

/**
 * Returns the pins at a position of a pinned path: those of the stops at both ends of its segment, each
 * fading with distance from its stop. A stop that was not encoded from a picture has none.
 */
export function pinsAt(
  { from, to, fraction }: PathPosition,
  stops: readonly ResolvedLatent[],
): readonly WeightedPin[] {
  const faded: [stop: number, weight: number][] = [
    [from, 1 - fraction],
    [to, fraction],
  ]
  return faded.flatMap(([stop, weight]) => {
    const { pin } = stops[stop]
    return pin && weight > 0 ? [{ ...pin, weight }] : []
  })
}

/** Identifies pins by content: equal hashes add the same to a frame. */
export function hashPins(pins: readonly WeightedPin[]): string {
  return pins.map(({ picture, reconstruction }) => hashOnce(picture) + hashOnce(reconstruction)).join()
}

/** The hashes of pinned pictures: every frame between two stops asks for the same ones. */
const hashes = new WeakMap<Tensor, string>()

function hashOnce(picture: Tensor): string {
  const hash = hashes.get(picture) ?? hashTensor(picture)
  hashes.set(picture, hash)
  return hash
}

/** Returns the picture at a stop, which needs no decoding; null between stops. */
export function pinnedPicture(pins: readonly WeightedPin[]): Tensor | null {
  return pins.find(({ weight }) => weight === 1)?.picture ?? null
}

/**
 * Adds to a decoded frame what the reconstructions at its stops lack, picture - reconstruction, scaled by the
 * weight of each pin. At a stop, the result is the picture itself.
 *
 * @param frame  [1, C, H, W]
 */
export function pinFrame(frame: Tensor, pins: readonly WeightedPin[]): Tensor {
  if (pins.length === 0) return frame
  const whole = pinnedPicture(pins)
  if (whole) return whole
  const data = frame.data.map((value, i) =>
    pins.reduce(
      (sum, { picture, reconstruction, weight }) => sum + weight * (picture.data[i] - reconstruction.data[i]),
      value,
    ),
  )
  return { data, shape: frame.shape }
}
