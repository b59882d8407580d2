import { readFile } from 'node:fs/promises'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { explained } from '#files/fileErrors'
import { StudioError } from '#shared/errors'
import { isFloatDtype, toFloat32 } from '../model/weights/dtypes'
import { bytesOf } from '../model/weights/networkWeights'
import type { TensorEntry } from '../model/weights/safetensors'
import { readTorchEntries } from '../model/weights/torch/torchFile'
import { decodeNpy, NpyError } from '../model/weights/npy'
import { decodeNpz } from '../model/weights/npz'

/** Returns the error for a file of another program that is not a latent. */
function notLatent(path: string, what: string): StudioError {
  return new StudioError('BAD_LATENT', `"${path}" is not a latent: it ${what}.`, { path })
}

/**
 * Reads the state in a NumPy file.
 *
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE
 */
export async function readNpyState(path: string): Promise<Tensor> {
  const bytes = await explained(path, 'read', () => readFile(path))
  try {
    return withBatch(decodeNpy(bytes))
  } catch (error) {
    throw notLatent(path, (error as Error).message)
  }
}

/**
 * Reads the single state in a zip file: an array of a NumPy archive, or a tensor that `torch.save` wrote.
 *
 * @param mostBytes  limit on the unpacked size of the arrays
 * @throws StudioError BAD_LATENT, NOT_FOUND or UNREADABLE
 */
export async function readZippedState(path: string, mostBytes: number): Promise<Tensor> {
  const bytes = await explained(path, 'read', () => readFile(path))
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
 * Reads the only tensor in a file that can be a latent, by shape and type.
 *
 * @throws StudioError BAD_LATENT if there is none, or more than one
 */
export async function readOnlyState(
  path: string,
  entries: ReadonlyMap<string, TensorEntry>,
): Promise<Tensor> {
  const floats = new Map([...entries].filter(([, { dtype }]) => isFloatDtype(dtype)))
  const [, entry] = onlyStateOf(path, floats)
  const { dtype, shape } = entry
  if (!isFloatDtype(dtype)) throw notLatent(path, `holds values of type ${dtype}`)
  return withBatch(createTensor(shape, toFloat32(await bytesOf({ ...entry, file: path }), dtype)))
}

function onlyStateOf<Entry extends { readonly shape: readonly number[] }>(
  path: string,
  entries: ReadonlyMap<string, Entry>,
): [name: string, entry: Entry] {
  const states = [...entries].filter(([, { shape }]) => shape.length === 3 || shape.length === 4)
  if (states.length === 1) return states[0]
  if (states.length === 0) {
    throw notLatent(path, 'holds no array of numbers with the shape [1, channels, height, width]')
  }
  const names = states.map(([name]) => name).sort()
  const shown = names.length > 4 ? [...names.slice(0, 4), '…'] : names
  throw notLatent(path, `holds ${states.length} arrays (${shown.join(', ')}): save the one you mean alone`)
}

/** Adds the batch dimension if the array of a state lacks it. */
function withBatch({ data, shape }: Tensor): Tensor {
  return createTensor(shape.length === 3 ? [1, ...shape] : shape, data)
}
