import { z } from 'zod'
import { type ErrorCode, StudioError } from '#shared/errors'
import { sizeOf } from '#core/diffusion/tensor'
import { bytesPerElement, type Dtype, isDtype, isFloatDtype, toFloat32, unreadType } from './dtypes'
import { readRange, withFile } from '#files/fileAccess'
import { refuseForeignFile } from './foreignFile'

/** The location of one tensor: bytes `begin` to `end`, from the start of the file. Little-endian. */
export interface TensorEntry {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
  /** The number of elements between neighbours on each axis; by default, row-major without gaps. */
  readonly strides?: readonly number[]
}

/** The header of a safetensors file. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>
  readonly metadata: Readonly<Record<string, string>>
  /** First byte after the header. */
  readonly dataStart: number
}

/** The format's own limit on its JSON header. */
const maxHeaderBytes = 100_000_000
/** The file starts with the length of its header, as a 64-bit little-endian integer. */
const lengthBytes = 8

/** Creates the error for a file that violates the format; `what` is a clause. */
type Damaged = (what: string) => StudioError
/** Creates the error for a tensor of an element type that is not known, as the format gains others. */
type Unknown = (name: string, dtype: string) => StudioError

const size = z.int().min(0)
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).nullish() }).catchall(
  z.object({
    dtype: z.string().min(1),
    shape: z.array(size),
    data_offsets: z.tuple([size, size]),
  }),
)

/**
 * Reads and checks the header of a safetensors file: every tensor must be as long as its shape and type say,
 * and together they must cover the rest of the file without gaps or overlaps. The tensors themselves are not
 * read.
 *
 * Format: https://huggingface.co/docs/safetensors#format
 *
 * @param code  the error code for a damaged file: BAD_LATENT for latents
 * @throws StudioError `code`, NOT_FOUND or UNREADABLE; UNSUPPORTED for weights of an unknown element type
 */
export function readSafetensorsHeader(
  path: string,
  code: ErrorCode = 'BAD_MODEL',
): Promise<SafetensorsHeader> {
  const damaged: Damaged = (what) =>
    new StudioError(code, `${path} is not a whole safetensors file: ${what}. Download or write it again.`)
  const unknown: Unknown = (name, dtype) => unreadType(name, path, dtype, code)
  return withFile(path, async (file) => {
    const { size: fileBytes } = await file.stat()
    const head = await readRange(file, 0, Math.min(fileBytes, 64))
    refuseForeignFile(path, head, code)
    const headerBytes = readHeaderLength(head, fileBytes, damaged)
    const json = (await readRange(file, lengthBytes, headerBytes)).toString('utf8')
    const header = parseHeader(json, lengthBytes + headerBytes, damaged, unknown)
    checkLayout(header, fileBytes, damaged)
    return header
  })
}

/**
 * Reads one tensor as float32.
 *
 * @param header  of that file, if it has been read already
 * @throws StudioError `code` if there is no such tensor; `code` or UNSUPPORTED if it is not floating point
 */
export async function readTensor(
  path: string,
  name: string,
  header?: SafetensorsHeader,
  code: ErrorCode = 'BAD_MODEL',
): Promise<{ data: Float32Array; shape: readonly number[] }> {
  const entry = (header ?? (await readSafetensorsHeader(path, code))).tensors.get(name)
  if (!entry) throw new StudioError(code, `${path} has no tensor "${name}": save or download the file again.`)
  const { dtype, shape, begin, end } = entry
  if (!isFloatDtype(dtype)) throw unreadType(name, path, dtype, code)
  const bytes = await withFile(path, (file) => readRange(file, begin, end - begin))
  return { data: toFloat32(bytes, dtype), shape }
}

/** A tensor to be written; `data` holds little-endian elements of `dtype`, F32 by default. */
export interface TensorData {
  readonly dtype?: Dtype
  readonly shape: readonly number[]
  readonly data: ArrayBufferView
}

/**
 * Encodes a safetensors file. Equal input gives equal bytes: tensors and metadata keep the given order.
 *
 * @throws RangeError if the data and shape of a tensor disagree in size
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  const parts: Uint8Array[] = []
  let offset = 0
  for (const [name, { dtype = 'F32', shape, data }] of Object.entries(tensors)) {
    const { buffer, byteOffset, byteLength } = data
    if (byteLength !== sizeOf(shape) * bytesPerElement[dtype]) {
      throw new RangeError(`Tensor "${name}" of shape [${shape.join(', ')}] has ${byteLength} bytes.`)
    }
    header[name] = { dtype, shape, data_offsets: [offset, (offset += byteLength)] }
    parts.push(new Uint8Array(buffer, byteOffset, byteLength))
  }
  const json = Buffer.from(JSON.stringify(header))
  // Readers map the file into memory, so the data starts at a multiple of 8; JSON allows trailing spaces.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ')
  json.copy(padded)
  const length = Buffer.alloc(lengthBytes)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded, ...parts])
}

/**
 * Decodes a safetensors file in memory into the tensors and metadata given to {@link encodeSafetensors}: as
 * float32, copied out of `bytes`.
 *
 * @throws StudioError BAD_MODEL for bytes that violate the format, or tensors that are not floating point
 */
export function decodeSafetensors(bytes: Buffer): {
  tensors: ReadonlyMap<string, { data: Float32Array; shape: readonly number[] }>
  metadata: Readonly<Record<string, string>>
} {
  const damaged: Damaged = (what) => new StudioError('BAD_MODEL', `Not a whole safetensors file: ${what}.`)
  const headerBytes = readHeaderLength(bytes, bytes.length, damaged)
  const dataStart = lengthBytes + headerBytes
  const unread: Unknown = (name, dtype) => damaged(`tensor "${name}" is of type ${dtype}`)
  const header = parseHeader(bytes.toString('utf8', lengthBytes, dataStart), dataStart, damaged, unread)
  checkLayout(header, bytes.length, damaged)
  const tensors = [...header.tensors].map(([name, { dtype, shape, begin, end }]) => {
    if (!isFloatDtype(dtype)) throw unread(name, dtype)
    return [name, { data: toFloat32(new Uint8Array(bytes.subarray(begin, end)), dtype), shape }] as const
  })
  return { tensors: new Map(tensors), metadata: header.metadata }
}

function readHeaderLength(head: Buffer, fileBytes: number, damaged: Damaged): number {
  if (fileBytes < lengthBytes) throw damaged(`it has ${fileBytes} bytes`)
  const headerBytes = Number(head.readBigUInt64LE())
  if (headerBytes > maxHeaderBytes) throw damaged(`its header claims ${headerBytes} bytes`)
  if (lengthBytes + headerBytes > fileBytes) {
    throw damaged(`its header needs ${headerBytes} bytes, the file has ${fileBytes}`)
  }
  return headerBytes
}

function parseHeader(text: string, dataStart: number, damaged: Damaged, unknown: Unknown): SafetensorsHeader {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw damaged('its header is not JSON')
  }
  const parsed = headerSchema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw damaged(`its header is wrong at ${issue.path.join('.') || 'the top'} (${issue.message})`)
  }
  const { __metadata__: metadata, ...entries } = parsed.data
  const tensors = new Map<string, TensorEntry>()
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(entries)) {
    if (!isDtype(dtype)) throw unknown(name, dtype)
    tensors.set(name, { dtype, shape, begin: dataStart + offsets[0], end: dataStart + offsets[1] })
  }
  return { tensors, metadata: metadata ?? {}, dataStart }
}

function checkLayout({ tensors, dataStart }: SafetensorsHeader, fileBytes: number, damaged: Damaged): void {
  let covered = dataStart
  for (const [name, entry] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    const { begin, end, shape, dtype } = entry
    if (end - begin !== sizeOf(shape) * bytesPerElement[dtype]) {
      throw damaged(`tensor "${name}" [${shape.join(', ')}] of ${dtype} has ${end - begin} bytes`)
    }
    if (begin !== covered) throw damaged(`tensor "${name}" leaves a gap or overlaps its neighbour`)
    covered = end
  }
  if (covered !== fileBytes) throw damaged(`its tensors end at byte ${covered}, the file at ${fileBytes}`)
}
