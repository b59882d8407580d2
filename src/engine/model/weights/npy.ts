import { sizeOf, type Tensor } from '#core/diffusion/tensor'
import { bytesPerElement, type FloatDtype, toFloat32, toFloat64 } from './dtypes'

/** A NumPy file or archive that cannot be read. The message completes a sentence starting with "it". */
export class NpyError extends RangeError {
  override readonly name = 'NpyError'
}

/** NumPy's names of the supported element types. */
const dtypes: Partial<Record<string, FloatDtype>> = { '<f2': 'F16', '<f4': 'F32', '<f8': 'F64' }

/** The start of every NumPy file, whatever its name. */
export const npyMagic = Buffer.from('\x93NUMPY', 'latin1')
const version = Buffer.from([1, 0])
/** The format requires data at a multiple of this, so that it can be memory-mapped. */
const alignment = 64

/**
 * Encodes an array as a NumPy file, version 1.0: little-endian float32 or float64 in C order.
 *
 * Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function encodeNpy({
  data,
  shape,
}: {
  data: Float32Array | Float64Array
  shape: readonly number[]
}): Uint8Array {
  const descr = data instanceof Float64Array ? '<f8' : '<f4'
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dimensions}), }`
  const prefixBytes = npyMagic.length + version.length + 2
  const headerBytes = Math.ceil((prefixBytes + dictionary.length + 1) / alignment) * alignment - prefixBytes
  const length = Buffer.alloc(2)
  length.writeUInt16LE(headerBytes)
  const header = Buffer.from(dictionary.padEnd(headerBytes - 1) + '\n', 'latin1')
  const values = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return Buffer.concat([npyMagic, version, length, header, values])
}

/**
 * Reads a NumPy file of any version, in half, single or double precision, C or Fortran order.
 *
 * @returns float32 in C order
 * @throws NpyError
 */
export function decodeNpy(bytes: Buffer): Tensor {
  return decodeAs(bytes, toFloat32)
}

/** Does the same as {@link decodeNpy}, without rounding double precision. */
export function decodeNpyDoubles(bytes: Buffer): NpyArray<Float64Array> {
  return decodeAs(bytes, toFloat64)
}

/** An array in C order. */
export interface NpyArray<Data> {
  readonly data: Data
  readonly shape: readonly number[]
}

type Values = Float32Array | Float64Array

function decodeAs<Kind extends Values>(
  bytes: Buffer,
  convert: (bytes: Uint8Array, dtype: FloatDtype) => Kind,
): NpyArray<Kind> {
  const { header, dataStart } = splitNpy(bytes)
  const [, descr] = /'descr':\s*'([^']*)'/.exec(header) ?? []
  const [, fortran] = /'fortran_order':\s*(True|False)/.exec(header) ?? []
  const [, dimensions] = /'shape':\s*\(([\d\s,]*)\)/.exec(header) ?? []
  if (fortran === undefined || dimensions === undefined) throw new NpyError('has a damaged NumPy header')
  const dtype = dtypes[descr ?? '']
  if (!dtype) throw new NpyError(`holds ${descr ?? 'structured'} values: save x.astype('<f4') instead`)
  const shape = dimensions
    .split(',')
    .filter((side) => side.trim() !== '')
    .map(Number)
  const expected = sizeOf(shape) * bytesPerElement[dtype]
  if (bytes.length - dataStart !== expected) {
    throw new NpyError(`has ${bytes.length - dataStart} bytes of values where its shape needs ${expected}`)
  }
  const data = convert(bytes.subarray(dataStart), dtype)
  return { data: fortran === 'True' ? fromFortranOrder(data, shape) : data, shape }
}

function splitNpy(bytes: Buffer): { header: string; dataStart: number } {
  // Version 1 stores the header's length in 16 bits, later ones in 32.
  const lengthBytes = bytes[npyMagic.length] === 1 ? 2 : 4
  const headerStart = npyMagic.length + version.length + lengthBytes
  if (bytes.length < headerStart) throw new NpyError('ends within its NumPy header')
  const dataStart = headerStart + bytes.readUIntLE(headerStart - lengthBytes, lengthBytes)
  if (bytes.length < dataStart) throw new NpyError('ends within its NumPy header')
  return { header: bytes.toString('latin1', headerStart, dataStart), dataStart }
}

/** Reorders values from first index fastest to last index fastest. */
function fromFortranOrder<Kind extends Values>(values: Kind, shape: readonly number[]): Kind {
  const ordered = values.slice() as Kind
  const index = shape.map(() => 0)
  for (const value of values) {
    ordered[index.reduce((offset, at, axis) => offset * shape[axis] + at, 0)] = value
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0
  }
  return ordered
}
