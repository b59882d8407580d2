import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { nameSome } from '#core/format/lists'
import { readWholeFile } from '#files/fileAccess'
import { StudioError } from '#shared/errors'
import { dtypeNames, isDtype, isFloatDtype, toFloat32 } from '../model/weights/dtypes'
import { bytesOf } from '../model/weights/networkWeights'
import type { TensorEntry } from '../model/weights/safetensors'
import { readTorchEntries } from '../model/weights/torch/torchFile'
import { decodeNpy, NpyError } from '../model/weights/npy'
import { decodeNpz } from '../model/weights/npz'

/** The starts of a zip file, with and without entries. */
export const zipMagic = {
  filled: Buffer.from('PK\x03\x04', 'latin1'),
  empty: Buffer.from('PK\x05\x06', 'latin1'),
} as const

/** Returns the error for a file of another program that cannot be read as a latent. */
function notLatent(path: string, what: string): StudioError {
  return new StudioError('BAD_LATENT', `"${path}" cannot be read as a latent: it ${what}.`, { path })
}

/**
 * Reads the state in a NumPy file.
 *
 * @param mostBytes  limit on the size of the file
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE
 */
export async function readNpyState(path: string, mostBytes: number): Promise<Tensor> {
  const bytes = await readWholeFile(path, mostBytes)
  try {
    return withBatch(decodeNpy(bytes))
  } catch (error) {
    throw notLatent(path, (error as Error).message)
  }
}

/**
 * Reads the single state in a zip file: an array of a NumPy archive, or a tensor that `torch.save` wrote.
 *
 * @param mostBytes  limit on the size of the file, and on the unpacked size of its arrays
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE
 */
export async function readZippedState(path: string, mostBytes: number): Promise<Tensor> {
  const bytes = await readWholeFile(path, mostBytes)
  if (bytes.indexOf(zipMagic.empty) === 0) throw notLatent(path, 'is an empty archive. Save one array in it')
  const arrays = await decodeNpz(bytes, mostBytes, decodeNpy).catch((error: Error) => {
    throw notLatent(path, describe(error))
  })
  if (arrays.size === 0) return readOnlyState(path, await readTorchEntries(path, 'latent'))
  const [, array] = onlyStateOf(path, arrays)
  return withBatch(array)
}

/** Describes why an archive cannot be read, as a clause after "it". */
function describe(error: Error): string {
  return error instanceof NpyError ? error.message : `is damaged (${error.message})`
}

/**
 * Reads the only tensor in a file that can be a latent, by shape and type. A tensor that is alone is read whatever
 * its shape, which the caller checks.
 *
 * @throws StudioError BAD_LATENT if there is none, or more than one, or its values are not floating-point numbers
 */
export async function readOnlyState(
  path: string,
  entries: ReadonlyMap<string, TensorEntry>,
): Promise<Tensor> {
  const states = [...entries].filter(([, { shape }]) => hasRankOfState(shape))
  const floats = states.filter(([, { dtype }]) => isFloatDtype(dtype))
  const [, entry] = onlyStateOf(path, floats.length > 0 ? new Map(floats) : entries)
  const { dtype, shape } = entry
  if (!isFloatDtype(dtype)) {
    const type = isDtype(dtype) ? dtypeNames[dtype] : dtype
    throw notLatent(path, `holds ${type} values: save x.float() instead`)
  }
  return withBatch(createTensor(shape, toFloat32(await bytesOf({ ...entry, file: path }), dtype)))
}

/** Whether a shape has as many dimensions as that of a state, with or without that of the batch. */
function hasRankOfState({ length }: readonly number[]): boolean {
  return length === 3 || length === 4
}

/** Up to this many arrays of a file are named in a message; the others are counted. */
const mostNamed = 4

function onlyStateOf<Entry extends { readonly shape: readonly number[] }>(
  path: string,
  entries: ReadonlyMap<string, Entry>,
): [name: string, entry: Entry] {
  const all = [...entries]
  const states = all.filter(([, { shape }]) => hasRankOfState(shape))
  if (states.length === 1) return states[0]
  if (states.length > 1) {
    const names = nameSome(states.map(([name]) => name).sort(), mostNamed)
    throw notLatent(path, `holds ${states.length} arrays (${names}): save the one you mean alone`)
  }
  if (all.length === 1) return all[0]
  const shapes = nameSome(all.map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).sort(), mostNamed)
  const found = all.length === 0 ? 'holds no array' : `holds ${all.length} arrays (${shapes})`
  throw notLatent(
    path,
    `${found}, and a latent has the shape [1, channels, height, width]: save one with that shape alone`,
  )
}

/** Adds the batch dimension if the array of a state lacks it. */
function withBatch({ data, shape }: Tensor): Tensor {
  return createTensor(shape.length === 3 ? [1, ...shape] : shape, data)
}
