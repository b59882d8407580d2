import { realpath } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { explained } from '#files/fileErrors'
import { sizeOf } from '#core/diffusion/tensor'
import { bytesPerElement, type FloatDtype, isFloatDtype } from './dtypes'
import { readRange, withFile } from '#files/fileAccess'
import { readWeightEntries, type WeightEntry } from './weightFiles'

/** The location of a constant's bytes outside the graph: a file in the folder that the session is given. */
export interface ExternalBytes {
  readonly location: string
  readonly offset: number
  readonly length: number
}

/** One trained tensor: its bytes, or where the runtime finds them. */
export interface Weight {
  readonly dtype: FloatDtype
  readonly shape: readonly number[]
  readonly bytes: Uint8Array | ExternalBytes
  /** For messages. */
  readonly file: string
}

/** All trained tensors of a network. */
export interface Weights {
  /**
   * The tensors of floating-point numbers. No network computes with others, such as the numbered positions in old
   * files.
   */
  readonly tensors: ReadonlyMap<string, Weight>
  /** The real folder that holds the external tensors. */
  readonly folder: string
  readonly files: readonly string[]
}

/** The alignment that the runtime's kernels expect of float32 values; it maps files into memory unchanged. */
const alignment = 4

/**
 * Reads headers and decides where the runtime takes every tensor from. Most stay in their file. The runtime
 * refuses symbolic links and accepts a single folder, so links (a Hugging Face cache consists of them) are
 * resolved here. Tensors in other folders, at unaligned offsets or not contiguous are read into memory.
 *
 * @throws StudioError BAD_MODEL for damaged files
 */
export async function readWeights(files: readonly string[]): Promise<Weights> {
  const real = new Map<string, string>()
  for (const file of files) real.set(file, await explained(file, 'read', () => realpath(file)))
  const folder = dirname(real.get(files[0])!)
  const tensors = new Map<string, Weight>()
  for (const [name, entry] of await readWeightEntries(files)) {
    const { dtype, shape, begin, end, file } = entry
    if (!isFloatDtype(dtype)) continue
    const path = real.get(file)!
    const isExternal = dirname(path) === folder && begin % alignment === 0 && entry.strides === undefined
    const bytes = isExternal
      ? { location: basename(path), offset: begin, length: end - begin }
      : await bytesOf(entry)
    tensors.set(name, { dtype, shape, bytes, file })
  }
  return { tensors, folder, files }
}

/**
 * Reads the elements of a tensor in row-major order and in the type of its file.
 *
 * @throws StudioError NOT_FOUND or UNREADABLE
 */
export async function bytesOf({ file, begin, end, strides, shape, dtype }: WeightEntry): Promise<Uint8Array> {
  const bytes = await withFile(file, (handle) => readRange(handle, begin, end - begin))
  return strides ? gather(bytes, { shape, strides, elementBytes: bytesPerElement[dtype] }) : bytes
}

/** Copies elements that are `strides` apart into row-major order. */
function gather(
  bytes: Uint8Array,
  layout: { shape: readonly number[]; strides: readonly number[]; elementBytes: number },
): Uint8Array {
  const { shape, strides, elementBytes } = layout
  const gathered = new Uint8Array(sizeOf(shape) * elementBytes)
  const index = shape.map(() => 0)
  let source = 0
  for (let target = 0; target < gathered.length; target += elementBytes) {
    for (let i = 0; i < elementBytes; i++) gathered[target + i] = bytes[source * elementBytes + i]
    // Advances the index like an odometer: the last axis first.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis]
      if (++index[axis] < shape[axis]) break
      source -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
  return gathered
}
