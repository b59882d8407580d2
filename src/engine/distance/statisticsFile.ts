import type { Moments } from '#core/statistics/frechet'
import { createAtomicFile, type AtomicFile, type WriteOptions } from '#files/atomicFile'
import { readWholeFile } from '#files/fileAccess'
import { ZipWriter } from '#files/ZipWriter'
import { StudioError } from '#shared/errors'
import { decodeNpyDoubles, encodeNpy } from '../model/weights/npy'
import { decodeNpz } from '../model/weights/npz'

/** Size limit in bytes: several times the covariance of the largest common network. */
const mostBytes = 2 ** 31 - 1

/** Whether a path is that of statistics rather than pictures. */
export function isStatistics(path: string): boolean {
  return /\.npz$/i.test(path)
}

/**
 * Begins a file of statistics, before the measurement whose result goes there.
 *
 * @throws StudioError BAD_INPUT for a name that would not be read as statistics; EXISTS or UNWRITABLE
 */
export async function beginStatistics(path: string, options: WriteOptions): Promise<AtomicFile> {
  if (isStatistics(path)) return createAtomicFile(path, options)
  throw new StudioError(
    'BAD_INPUT',
    `Cannot save statistics as "${path}": they are read from .npz files only, so end it in .npz.`,
    { path },
  )
}

/**
 * Writes the moments of features as a NumPy archive with `mu` and `sigma`, the common layout of programs that
 * compute FID.
 *
 * @param file  as {@link beginStatistics} returns it
 */
export async function writeStatistics(file: AtomicFile, { mean, covariance }: Moments): Promise<void> {
  const zip = new ZipWriter((bytes) => file.write(bytes))
  const size = mean.length
  const add = (name: string, data: Float64Array, shape: number[]) =>
    zip.add(name, encodeNpy({ data, shape }), { compress: false })
  await add('mu.npy', mean, [size])
  await add('sigma.npy', covariance, [size, size])
  await zip.end()
  await file.commit()
}

/**
 * Reads moments that this or another program has written, in the precision in which they were written.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_INPUT if the file contains no moments, or NaN
 */
export async function readStatistics(path: string): Promise<Moments> {
  const bytes = await readWholeFile(path, mostBytes)
  const arrays = await decodeNpz(bytes, mostBytes, decodeNpyDoubles).catch(() => null)
  const [mean, covariance] = [arrays?.get('mu'), arrays?.get('sigma')]
  const size = mean?.data.length ?? 0
  if (!mean || !covariance || size === 0 || covariance.data.length !== size * size) {
    throw new StudioError(
      'BAD_INPUT',
      `"${path}" holds no statistics of features: they are a mean "mu" [D] and a covariance "sigma" [D, D].`,
      { path },
    )
  }
  if (![mean, covariance].every(({ data }) => data.every(Number.isFinite))) {
    throw new StudioError(
      'BAD_INPUT',
      `"${path}" holds NaN or infinity, which have no distance: compute these statistics again.`,
      { path },
    )
  }
  return { mean: mean.data, covariance: covariance.data }
}
