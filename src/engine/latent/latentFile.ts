import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { StudioError } from '#shared/errors'
import type { LatentReport } from '#shared/reports'
import type { Latent } from '#core/diffusion/latent'
import type { Tensor } from '#core/diffusion/tensor'
import { explained } from '#files/fileErrors'
import { withFile } from '#files/fileAccess'
import { requireWritable, writeAtomicFile, type WriteOptions } from '#files/atomicFile'
import { readNpyState, readZippedState, zipMagic } from './foreignLatent'
import type { RecordedCondition, ResolvedLatent } from './ResolvedLatent'
import { encodeNpy, npyMagic } from '../model/weights/npy'
import { encodeLatent, type LatentFile, readLatent } from './safetensorsLatent'

/** The largest latent file in bytes, far above the latents of any model that this program runs. */
export const largestLatentFile = 256 * 2 ** 20

/**
 * Writes a latent atomically, in the format of the file's extension: `.safetensors` keeps everything, `.npy`
 * only the numbers [1, C, H, W], for NumPy.
 *
 * @throws StudioError EXISTS, UNWRITABLE, or UNSUPPORTED for any other extension and for a leapfrog pair
 *   as `.npy`
 */
export async function writeLatentFile(
  path: string,
  latent: Latent,
  report: LatentReport,
  options: WriteOptions,
): Promise<void> {
  await writeAtomicFile(path, encodeByEnding(path, latent, report), options)
}

/**
 * Throws what {@link writeLatentFile} would throw, before the latent exists, so that minutes of encoding are
 * not lost to a bad file name.
 *
 * @param isPair  whether the latent will be a leapfrog pair
 * @throws StudioError as {@link writeLatentFile}
 */
export async function requireWritableLatent(
  path: string,
  isPair: boolean,
  options: WriteOptions,
): Promise<void> {
  requireEnding(path, isPair)
  await requireWritable(path, options)
}

/**
 * Refuses a latent whose record could not name its condition, because the file would then decode to another picture.
 * A file without a record never names one.
 *
 * @throws StudioError UNSUPPORTED for a mix of several classes or prompts
 */
export function requireRecordable(
  path: string,
  { mixedConditions }: Pick<ResolvedLatent, 'mixedConditions'>,
): void {
  if (!mixedConditions || extname(path).toLowerCase() === '.npy') return
  const bare = 'choose a name that ends in .npy, which holds only the numbers'
  const reason = areDecodedAlike(mixedConditions)
    ? `the prompts that the parts of this mix were encoded with differ, and a latent file records one: ${bare}.`
    : `this mix has several classes or prompts, and a latent file records one: give its parts the same, or ${bare}.`
  throw new StudioError('UNSUPPORTED', `Cannot write "${path}": ${reason}`, { path })
}

/**
 * Whether conditions differ only by the prompts of the encoding: decoding with the same prompts would not make them
 * agree.
 */
function areDecodedAlike([first, ...others]: readonly RecordedCondition[]): boolean {
  return others.every((one) => one.class === first.class && one.prompts?.prompt === first.prompts?.prompt)
}

function encodeByEnding(path: string, latent: Latent, report: LatentReport): Uint8Array {
  const ending = requireEnding(path, latent.previousState !== undefined)
  return ending === '.npy' ? encodeNpy(latent.x) : encodeLatent(latent, report)
}

/** Returns the extension of a name that a latent can be written to. */
function requireEnding(path: string, isPair: boolean): '.safetensors' | '.npy' {
  const ending = extname(path).toLowerCase()
  if (ending === '.safetensors') return ending
  if (ending !== '.npy') {
    throw new StudioError(
      'BAD_INPUT',
      `Cannot write "${path}" as a latent: choose a name that ends in .safetensors or .npy.`,
    )
  }
  if (isPair) {
    throw new StudioError(
      'BAD_INPUT',
      `Cannot write "${path}": a leapfrog latent is a pair of states and .npy holds one: use .safetensors.`,
    )
  }
  return ending
}

/**
 * Reads a latent file and checks it: the format by its content, the shape [1, C, H, W] or, in files of other
 * programs, [C, H, W], and that every value is finite.
 *
 * Besides this program's own files, it reads `.npy`, `.npz`, `.pt` and `.safetensors` files of other programs
 * that contain exactly one array with the shape of a latent.
 *
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE
 */
export async function readLatentFile(path: string): Promise<LatentFile> {
  await requireSmallFile(path)
  const read = await readByContent(path)
  requireState(path, read.x)
  if (read.previousState) requireState(path, read.previousState.x)
  return read
}

async function readByContent(path: string): Promise<LatentFile> {
  const head = await readHead(path)
  const bare = (x: Tensor) => ({ x, timestep: null, report: null })
  if (head.indexOf(npyMagic) === 0) return bare(await readNpyState(path, largestLatentFile))
  if (Object.values(zipMagic).some((magic) => head.indexOf(magic) === 0))
    return bare(await readZippedState(path, largestLatentFile))
  return readLatent(path)
}

async function requireSmallFile(path: string): Promise<void> {
  const found = await explained(path, 'read', () => stat(path))
  if (!found.isFile()) {
    throw new StudioError('UNREADABLE', `Cannot read "${path}": it is not a file: choose a latent file.`)
  }
  if (found.size > largestLatentFile) {
    throw new StudioError(
      'BAD_LATENT',
      `"${path}" is too large for a latent: it has ${found.size} bytes. Choose a latent file.`,
    )
  }
}

async function readHead(path: string): Promise<Buffer> {
  return withFile(path, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(npyMagic.length))
    return buffer.subarray(0, bytesRead)
  })
}

/** Checks that a state has shape [1, C, H, W] and only finite values. */
function requireState(path: string, { data, shape }: Tensor): void {
  if (shape.length !== 4 || shape[0] !== 1 || data.length === 0) {
    throw new StudioError(
      'BAD_LATENT',
      `"${path}" holds an array of shape [${shape.join(', ')}], and a latent has [1, channels, height, width]: save one latent with that shape.`,
    )
  }
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    throw new StudioError(
      'BAD_LATENT',
      `"${path}" is damaged: its value ${bad} is ${data[bad]}, not a finite number: encode the picture again, or choose another file.`,
    )
  }
}
