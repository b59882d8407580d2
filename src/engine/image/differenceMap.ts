import { DomainError } from '#core/DomainError'
import type { Tensor } from '#core/diffusion/tensor'
import { perceptualRamp } from './perceptualRamp'
import { createPixels, type Pixels } from '#core/picture/pixels'
import { planesOf } from './tensorPixels'

/** A visualisation of where two pictures differ. */
export interface DifferenceMap {
  /** Black is no difference; the last colour of the ramp is a difference of `brightest` or more. */
  readonly pixels: Pixels
  /** The difference shown brightest; 1 is that between black and white. */
  readonly brightest: number
}

/** The share of pixels that fit into the ramp, so that a few outliers do not leave all others black. */
const quantile = 0.995

/** One level of an 8-bit picture: smaller differences are invisible, and must not look large. */
const leastBrightest = 1 / 255

/**
 * Draws a heat map of |source - reconstruction|, averaged over the channels and scaled so that 99.5 % of the
 * pixels fit into the ramp. The scale is relative, so that even a faithful reconstruction has a meaningful
 * map. Both pictures have shape [1, 1 or 3, H, W] on [-1, 1].
 *
 * @throws DomainError for other or unequal shapes
 */
export function mapDifference(source: Tensor, reconstruction: Tensor): DifferenceMap {
  const { width, height } = planesOf(source)
  const differences = differencesOf(source, reconstruction)
  const sorted = differences.toSorted()
  const brightest = Math.max(leastBrightest, sorted[Math.ceil(quantile * sorted.length) - 1])
  const pixels = createPixels(width, height)
  for (const [i, difference] of differences.entries()) {
    const step = Math.min(255, Math.round((difference / brightest) * 255))
    pixels.data.set([...perceptualRamp[step], 255], i * 4)
  }
  return { pixels, brightest }
}

/** Returns one value per pixel, 0 … 1. */
function differencesOf(source: Tensor, reconstruction: Tensor): Float64Array {
  if (source.shape.join() !== reconstruction.shape.join()) {
    throw new DomainError(
      `Shapes differ: [${source.shape.join(', ')}] and [${reconstruction.shape.join(', ')}].`,
    )
  }
  const { planes, width, height } = planesOf(source)
  const others = planesOf(reconstruction).planes
  return new Float64Array(width * height).map((_, i) => {
    const sum = planes.reduce((total, plane, c) => total + Math.abs(plane[i] - others[c][i]), 0)
    // Halved because the model's range has a width of two.
    return sum / planes.length / 2
  })
}
