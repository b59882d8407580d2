import type { Tensor } from '#core/diffusion/tensor'
import type { PathPosition } from '#core/timeline/timeline'
import { hashTensor } from '../latent/hashLatent'
import type { Pin, ResolvedLatent } from '../latent/ResolvedLatent'

/** A pin, and how much of what its reconstruction lacks a frame gets: 1 at the stop itself. */
export interface WeightedPin extends Pin {
  readonly weight: number
}

/**
 * The pins at a position of a pinned path: those of the stops at both ends of its segment, each faded by the way from
 * there. None of stops that were not encoded from a picture.
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

/** Names pins by their content: equal ones add the same to a frame. */
export function hashPins(pins: readonly WeightedPin[]): string {
  return pins.map(({ picture, reconstruction }) => hashTensor(picture) + hashTensor(reconstruction)).join()
}

/** The picture that stands at a stop, which takes no decoding; null elsewhere. */
export function pinnedPicture(pins: readonly WeightedPin[]): Tensor | null {
  return pins.find(({ weight }) => weight === 1)?.picture ?? null
}

/**
 * A decoded frame with what the reconstructions at its stops lack, picture - reconstruction, added by the weight of each
 * pin; at a stop the picture itself.
 *
 * @param frame  [1, C, H, W]
 */
export function pinFrame(frame: Tensor, pins: readonly WeightedPin[]): Tensor {
  if (pins.length === 0) return frame
  const picture = pinnedPicture(pins)
  if (picture) return picture
  const data = frame.data.map((value, i) =>
    pins.reduce(
      (sum, { picture, reconstruction, weight }) => sum + weight * (picture.data[i] - reconstruction.data[i]),
      value,
    ),
  )
  return { data, shape: frame.shape }
}
