import type { Fidelity } from '../diffusion/fidelity'
import { meanOf } from '../numbers/mean'

/** A measure of how far apart two neighbouring frames are. */
interface FrameDistanceRow {
  /** Its name on the command line. */
  readonly id: string
  readonly title: string
  readonly help: string
  /** The distance, 0 for equal frames; small distances along a path add up. */
  readonly of: (fidelity: Fidelity) => number
}

/** The distances between frames, one row each; the first is the default. */
export const frameDistances = [
  {
    id: 'ssim',
    title: 'SSIM',
    help: 'The square root of 1 - SSIM: follows edges and texture, as the eye does.',
    // This is a metric, unlike 1 - SSIM itself (Brunet, Vrscay, Wang, "On the mathematical properties of the
    // structural similarity index", 2012).
    of: ({ ssim }) => Math.sqrt(Math.max(0, 1 - ssim)),
  },
  {
    id: 'rmse',
    title: 'RMSE',
    help: 'The root mean squared difference of pixels: follows colours and brightness.',
    of: ({ mse }) => Math.sqrt(mse),
  },
] as const satisfies readonly FrameDistanceRow[]

/** Name of a distance between frames. */
export type FrameDistance = (typeof frameDistances)[number]['id']

/** The distance names, in the order of the rows. */
export const frameDistanceIds: readonly FrameDistance[] = frameDistances.map(({ id }) => id)

/** Returns the row of a distance. */
export function frameDistanceOf(id: FrameDistance): FrameDistanceRow {
  return frameDistances.find((row) => row.id === id)!
}

/** Returns the largest distance between neighbouring frames of a film over the mean; 1 if all are equal. */
export function unevenness(distances: readonly number[]): number {
  const mean = meanOf(distances)
  return mean > 0 ? Math.max(...distances) / mean : 1
}

/** A step over this many times the mean of its film is a leap: the path itself changes abruptly there. */
const leapFactor = 4

/** Returns the positions of the distances that are leaps. */
export function leapsIn(distances: readonly number[]): number[] {
  const mean = meanOf(distances)
  return distances.flatMap((distance, at) => (distance > leapFactor * mean ? [at] : []))
}
