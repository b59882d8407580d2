import type { PictureSize } from '#shared/pictureSource'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Tensor } from '#core/diffusion/tensor'
import { createTensor } from '#core/diffusion/tensor'
import { StudioError } from '#shared/errors'
import { isPictureFile } from '#shared/fileKinds'
import { readWholeFile } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { fileLimits } from '#shared/fileLimits'
import { fitPicture } from '../image/fitPicture'
import type { Pictures } from '../image/Pictures'
import { pixelsToTensor } from '../image/tensorPixels'
import { decodeNpy } from '../model/weights/npy'

const valuesName = /^\d+\.npy$/

/** The pictures of a folder, read one by one. */
export interface PictureSet {
  readonly paths: readonly string[]
  /** @returns [1, 3, H, W] on [-1, 1] */
  read(path: string, size: CommonSize, signal: AbortSignal): Promise<Tensor>
}

/** The size that pictures are fitted to; null leaves them as they are. */
export type CommonSize = PictureSize | null

/**
 * Opens a folder of pictures, or of the `.npy` values that `sample` writes.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_INPUT if it is not a folder, or contains fewer than two
 */
export async function openPictureSet(folder: string, pictures: Pictures): Promise<PictureSet> {
  const found = await explained(folder, 'read', () => stat(folder))
  if (!found.isDirectory()) {
    throw new StudioError('BAD_INPUT', `"${folder}" is not a folder: name a folder of pictures.`, {
      path: folder,
    })
  }
  const names = (await explained(folder, 'read', () => readdir(folder))).sort()
  const seen = names.filter(isPictureFile)
  const values = names.filter((name) => valuesName.test(name))
  const paths = (seen.length > 0 ? seen : values).map((name) => join(folder, name))
  if (paths.length < 2) {
    throw new StudioError(
      'BAD_INPUT',
      `"${folder}" holds ${paths.length === 0 ? 'no pictures' : 'only one picture'}: a distance needs at least two pictures on each side.`,
      { path: folder },
    )
  }
  const read = seen.length > 0 ? readPicture : readValues
  return { paths, read: (path, size, signal) => read(path, size, { pictures, signal }) }
}

/**
 * Yields all pictures of a set one by one, [1, 3, H, W] on [-1, 1], and lets the event loop run in between.
 */
export async function* readPictures(
  set: PictureSet,
  size: CommonSize,
  signal: AbortSignal,
): AsyncGenerator<Tensor> {
  for (const path of set.paths) {
    signal.throwIfAborted()
    yield await set.read(path, size, signal)
    await setImmediate()
  }
}

async function readPicture(
  path: string,
  size: CommonSize,
  { pictures, signal }: { pictures: Pictures; signal: AbortSignal },
): Promise<Tensor> {
  const picture = await pictures.open(path, signal)
  const { width, height } = size ?? picture
  return pixelsToTensor(fitPicture(picture, { mode: 'cover' }, width, height), 3)
}

async function readValues(path: string, size: CommonSize): Promise<Tensor> {
  const bytes = await readWholeFile(path, fileLimits.pictureValues)
  const { data, shape } = parseValues(path, bytes)
  const [channels, height, width] = shape
  if (shape.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new StudioError(
      'BAD_PICTURE',
      `"${path}" is of shape [${shape.join(', ')}], not of [1 or 3, H, W]: make it again or take it out of the folder.`,
      { path },
    )
  }
  if (size && (size.width !== width || size.height !== height)) {
    throw new StudioError(
      'BAD_INPUT',
      `"${path}" has ${width} x ${height} values where ${size.width} x ${size.height} are compared: values are not scaled, so make PNG instead.`,
      { path },
    )
  }
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw new StudioError(
      'BAD_PICTURE',
      `"${path}" is damaged: its value ${bad} is ${data[bad]}, not a number to compare, so make it again or take it out of the folder.`,
      { path },
    )
  }
  const x = createTensor([1, 3, height, width])
  for (let i = 0; i < x.data.length; i++) x.data[i] = Math.max(-1, Math.min(1, data[i % data.length]))
  return x
}

function parseValues(path: string, bytes: Buffer): Tensor {
  try {
    return decodeNpy(bytes)
  } catch (error) {
    throw new StudioError('BAD_PICTURE', `"${path}" ${(error as Error).message}.`, { path })
  }
}
