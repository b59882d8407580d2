import { meanOf } from '#core/numbers/mean'
import { slicedWasserstein } from '#core/statistics/slicedWasserstein'
import type { DistanceReport } from '#shared/distance'
import { StudioError } from '#shared/errors'
import { type PictureSet, readPictures } from './pictureSet'
import { openSlicer, type Slices } from './slicePicture'
import { leastSide, levelSides } from './textures'

/**
 * Slices sets of pictures in the same way and compares the results. A set that is compared several times
 * needs slicing only once.
 */
export interface SetSlicer {
  /** @param onPicture  called after each picture */
  slice(set: PictureSet, signal: AbortSignal, onPicture?: () => void): Promise<Slices[]>
  /** Returns the sliced Wasserstein distances of two sets, on values of [-1, 1]. */
  compare(a: readonly Slices[], b: readonly Slices[]): NonNullable<DistanceReport['slices']>
  close(): Promise<void>
}

/**
 * Prepares to slice sets of pictures, scaled to the size of the first picture of `set`.
 *
 * @throws StudioError BAD_INPUT for pictures that are too small; and whatever reading a picture throws
 */
export async function openSetSlicer(set: PictureSet, signal: AbortSignal): Promise<SetSlicer> {
  const [, , height, width] = (await set.read(set.paths[0], null, signal)).shape
  if (Math.min(height, width) < leastSide) {
    throw new StudioError(
      'BAD_INPUT',
      `Pictures of ${width} x ${height} are too small: each side needs at least ${leastSide} pixels. Use larger pictures, or name a network with --features.`,
    )
  }
  const slicer = await openSlicer(height, width)
  return {
    async slice(pictures, stop, onPicture = () => undefined) {
      const slices: Slices[] = []
      for await (const picture of readPictures(pictures, { width, height }, stop)) {
        slices.push(await slicer.slice(picture))
        onPicture()
      }
      return slices
    },
    compare(a, b) {
      const [pixels, ...levels] = a[0].map((_, view) =>
        slicedWasserstein(
          a.map((slices) => slices[view]),
          b.map((slices) => slices[view]),
        ),
      )
      return {
        pixels,
        pyramid: meanOf(levels),
        levels: levelSides(width).map((side, i) => ({ side, distance: levels[i] })),
      }
    },
    close: () => slicer.close(),
  }
}
