import { halfToNumber } from '#core/numbers/half'
import { type ErrorCode, StudioError } from '#shared/errors'

/** The element types of safetensors, with their size in bytes. */
export const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const

/** Name of an element type. */
export type Dtype = keyof typeof bytesPerElement

/** Returns whether this is one of the element types whose size is known; formats gain others. */
export function isDtype(dtype: string): dtype is Dtype {
  return Object.hasOwn(bytesPerElement, dtype)
}

/** The names of the same types in numpy and ONNX. */
export const dtypeNames: Readonly<Record<Dtype, string>> = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  F8_E4M3: 'float8_e4m3',
  F8_E5M2: 'float8_e5m2',
  U16: 'uint16',
  I16: 'int16',
  F16: 'float16',
  BF16: 'bfloat16',
  U32: 'uint32',
  I32: 'int32',
  F32: 'float32',
  U64: 'uint64',
  I64: 'int64',
  F64: 'float64',
}

/** Returns each distinct name once, the most frequent first. */
export function byFrequency(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name)
}

/** Element types that {@link toFloat32} reads. */
const floatDtypes = ['F32', 'F16', 'BF16', 'F64'] as const
/** Name of a floating-point element type. */
export type FloatDtype = (typeof floatDtypes)[number]

/** Returns whether {@link toFloat32} reads this type. */
export function isFloatDtype(dtype: string): dtype is FloatDtype {
  return floatDtypes.some((known) => known === dtype)
}

/**
 * Returns the error for a tensor of a type that {@link toFloat32} does not read.
 *
 * @param code  BAD_LATENT where a latent was expected; weights of such a type are UNSUPPORTED
 */
export function unreadType(name: string, file: string, dtype: string, code: ErrorCode): StudioError {
  const isLatent = code === 'BAD_LATENT'
  return new StudioError(
    isLatent ? code : 'UNSUPPORTED',
    `Tensor "${name}" of ${file} is of type ${dtype}, not floating point of at least 16 bits: choose ${isLatent ? 'a latent' : 'weights'} of 16 or 32 bits.`,
  )
}

/**
 * Converts little-endian elements to float32: exact for F32, F16 and BF16, rounded to nearest for F64.
 *
 * @param bytes  whole elements; F32 data that starts on a 4-byte boundary of its buffer is viewed, not copied
 */
export function toFloat32(bytes: Uint8Array, dtype: FloatDtype): Float32Array {
  const { buffer, byteOffset, byteLength } = bytes
  if (dtype === 'F32' && byteOffset % 4 === 0) return new Float32Array(buffer, byteOffset, byteLength / 4)
  return readInto(new Float32Array(byteLength / bytesPerElement[dtype]), bytes, dtype)
}

/** Converts little-endian elements to float64, which is exact. */
export function toFloat64(bytes: Uint8Array, dtype: FloatDtype): Float64Array {
  return readInto(new Float64Array(bytes.byteLength / bytesPerElement[dtype]), bytes, dtype)
}

function readInto<Values extends Float32Array | Float64Array>(
  values: Values,
  { buffer, byteOffset, byteLength }: Uint8Array,
  dtype: FloatDtype,
): Values {
  const view = new DataView(buffer, byteOffset, byteLength)
  const size = bytesPerElement[dtype]
  const read = readers[dtype]
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * size)
  return values
}

const readers: Record<FloatDtype, (view: DataView, offset: number) => number> = {
  F32: (view, offset) => view.getFloat32(offset, true),
  F64: (view, offset) => view.getFloat64(offset, true),
  F16: (view, offset) => halfToNumber(view.getUint16(offset, true)),
  BF16: (view, offset) => bfloatToNumber(view.getUint16(offset, true)),
}

const word = new DataView(new ArrayBuffer(4))

/** Converts a bfloat16, which is the upper half of a float32. */
function bfloatToNumber(bits: number): number {
  word.setUint32(0, bits << 16)
  return word.getFloat32(0)
}
