import { describe, expect, it } from 'vitest'
import { decodeNpy, decodeNpyDoubles, encodeNpy } from '#engine/model/weights/npy'
import { sampleLatent } from '../../latent/sampleLatent'

/** A NumPy file assembled by hand, so that it can be wrong in one place. */
function npyOf(header: string, values: Uint8Array, version: 1 | 2 = 1): Buffer {
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  length.writeUIntLE(header.length, 0, length.length)
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([version, 0]),
    length,
    Buffer.from(header),
    values,
  ])
}

const bytesOf = (values: ArrayBufferView) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
const headerOf = (descr: string, shape: string, fortran = 'False') =>
  `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`

describe('encodeNpy', () => {
  it('writes the magic number, version, padded header and values exactly as the format specifies', () => {
    const { x } = sampleLatent()
    const bytes = Buffer.from(encodeNpy(x))
    expect(bytes.toString('latin1', 0, 8)).toBe('\x93NUMPY\x01\x00')
    const dataStart = 10 + bytes.readUInt16LE(8)
    expect(dataStart % 64).toBe(0)
    expect(bytes[dataStart - 1]).toBe(0x0a)
    expect(bytes.toString('latin1', 10, dataStart).trimEnd()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2, 3), }",
    )
    expect(bytes.length).toBe(dataStart + 48)
    x.data.forEach((value, i) => expect(bytes.readFloatLE(dataStart + 4 * i)).toBe(value))
  })

  it('writes only the tensor’s part of a shared buffer (would catch a view mistaken for its whole buffer)', () => {
    const shared = Float32Array.from([9, 1, 2, 9])
    const bytes = Buffer.from(encodeNpy({ data: shared.subarray(1, 3), shape: [1, 1, 1, 2] }))
    expect([bytes.readFloatLE(bytes.length - 8), bytes.readFloatLE(bytes.length - 4)]).toEqual([1, 2])
  })
})

describe('decodeNpy', () => {
  it('reads the output of encodeNpy', () => {
    const { x } = sampleLatent()
    expect(decodeNpy(Buffer.from(encodeNpy(x)))).toEqual(x)
  })

  it.each([
    ['double precision', npyOf(headerOf('<f8', '(1, 2, 2)'), bytesOf(Float64Array.from([1, 2, 3, 4])))],
    [
      'half precision',
      npyOf(headerOf('<f2', '(1, 2, 2)'), bytesOf(Uint16Array.from([0x3c00, 0x4000, 0x4200, 0x4400]))),
    ],
    ['version 2', npyOf(headerOf('<f4', '(1, 2, 2)'), bytesOf(Float32Array.from([1, 2, 3, 4])), 2)],
    ['Fortran order', npyOf(headerOf('<f4', '(1, 2, 2)', 'True'), bytesOf(Float32Array.from([1, 3, 2, 4])))],
  ])('converts %s', (_, bytes) => {
    expect(decodeNpy(bytes)).toEqual({ data: Float32Array.from([1, 2, 3, 4]), shape: [1, 2, 2] })
  })

  it('reorders three axes of different lengths from Fortran order (would catch swapping only the last two axes)', () => {
    const [planes, rows, columns] = [2, 3, 4]
    const inFortranOrder: number[] = []
    for (let c = 0; c < columns; c++) {
      for (let r = 0; r < rows; r++)
        for (let p = 0; p < planes; p++) inFortranOrder.push(100 * p + 10 * r + c)
    }
    const bytes = npyOf(headerOf('<f4', '(2, 3, 4)', 'True'), bytesOf(Float32Array.from(inFortranOrder)))
    const inCOrder = inFortranOrder.toSorted((a, b) => a - b)
    expect([...decodeNpy(bytes).data]).toEqual(inCOrder)
  })

  it('rounds double precision to single, except for those who ask for doubles', () => {
    const data = Float64Array.of(1 / 3, 1e-300, 2, Math.PI)
    const bytes = npyOf(headerOf('<f8', '(2, 2)'), bytesOf(data))
    expect(decodeNpy(bytes).data).toEqual(Float32Array.from(data))
    expect(decodeNpyDoubles(bytes)).toEqual({ data, shape: [2, 2] })
    const fortran = npyOf(headerOf('<f8', '(2, 2)', 'True'), bytesOf(data))
    expect(decodeNpyDoubles(fortran).data).toEqual(Float64Array.of(1 / 3, 2, 1e-300, Math.PI))
    const single = npyOf(headerOf('<f4', '(2,)'), bytesOf(Float32Array.of(0.1, 7)))
    expect(decodeNpyDoubles(single).data).toEqual(Float64Array.of(Math.fround(0.1), 7))
  })

  const four = bytesOf(Float32Array.from([1, 2, 3, 4]))
  it.each([
    ['big-endian values', npyOf(headerOf('>f4', '(1, 2, 2)'), four), /holds >f4 values/],
    ['whole numbers', npyOf(headerOf('<i4', '(1, 2, 2)'), four), /holds <i4 values/],
    ['a pickled object', npyOf(headerOf('|O', '(1, 2, 2)'), four), /holds \|O values/],
    [
      'too few values',
      npyOf(headerOf('<f4', '(1, 2, 3)'), four),
      /has 16 bytes of values where its shape needs 24/,
    ],
    ['too many values', npyOf(headerOf('<f4', '(1, 1, 2)'), four), /needs 8/],
    ['no shape', npyOf("{'descr': '<f4', 'fortran_order': False}", four), /damaged NumPy header/],
    [
      'a header cut off',
      npyOf(headerOf('<f4', '(1, 2, 2)'), four).subarray(0, 40),
      /ends within its NumPy header/,
    ],
    [
      'a length cut off',
      npyOf(headerOf('<f4', '(1, 2, 2)'), four).subarray(0, 7),
      /ends within its NumPy header/,
    ],
  ])('rejects %s and names the problem', (_, bytes, sentence) => {
    expect(() => decodeNpy(bytes)).toThrow(sentence)
  })
})
