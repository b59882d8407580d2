import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeSafetensors, readSafetensorsHeader, readTensor } from '#engine/model/weights/safetensors'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function fileOf(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

/** A file assembled by hand, so that it can be wrong in one place. */
function rawFile(header: unknown, dataBytes: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)])
}

const f32 = (shape: number[], begin: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
})

describe('safetensors', () => {
  it('restores written tensors and metadata (would catch offsets counted from the wrong position)', async () => {
    const first = { shape: [2, 3], data: Float32Array.from([1, -2, 3.5, 0, 1e-30, 7]) }
    const second = { shape: [1], data: Float32Array.from([42]) }
    const path = await fileOf('round.safetensors', encodeSafetensors({ first, second }, { author: 'Ä' }))
    const header = await readSafetensorsHeader(path)
    expect(header.metadata).toEqual({ author: 'Ä' })
    expect(header.dataStart % 8).toBe(0)
    expect(await readTensor(path, 'first')).toEqual(first)
    expect(await readTensor(path, 'second', header)).toEqual(second)
  })

  it.each([
    // Bit patterns from IEEE 754: 1, -2, the smallest subnormal, infinity.
    ['F16', Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00), [1, -2, 2 ** -24, Infinity]],
    ['BF16', Uint16Array.of(0x3f80, 0xc000, 0x0080, 0x7f80), [1, -2, 2 ** -126, Infinity]],
    ['F64', Float64Array.of(1, -2, 0.5, 3), [1, -2, 0.5, 3]],
  ] as const)('reads %s as float32 (would catch a wrong bias or shift)', async (dtype, data, values) => {
    const path = await fileOf(`${dtype}.safetensors`, encodeSafetensors({ x: { dtype, shape: [4], data } }))
    expect([...(await readTensor(path, 'x')).data]).toEqual(values)
  })

  it('reads metadata that are null as none', async () => {
    const path = await fileOf('null.safetensors', rawFile('{"__metadata__":null}', 0))
    expect((await readSafetensorsHeader(path)).metadata).toEqual({})
  })

  it('says what to do about a tensor that is not there', async () => {
    const path = await fileOf(
      'other.safetensors',
      encodeSafetensors({ x: { shape: [1], data: Float32Array.of(1) } }),
    )
    await expect(readTensor(path, 'y')).rejects.toMatchObject({
      code: 'BAD_MODEL',
      message: `${path} has no tensor "y": save or download the file again.`,
    })
  })

  it.each([
    ['an empty file', '', /is empty/],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:12', /git lfs pull/],
    ['a zip checkpoint', Buffer.from('PK\x03\x04'.padEnd(80, 'x')), /PyTorch weights.*\.bin/],
    ['a pickle', Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'), /pickle checkpoint/],
    ['a web page', '<!DOCTYPE html><html>Not found</html>', /web page/],
    ['a few bytes', 'abc', /it has 3 bytes/],
    ['a header longer than the file', rawFile('{', 0).fill(0x7f, 0, 2), /needs 32639 bytes/],
    ['a huge header', Buffer.alloc(16, 0x01), /claims/],
    ['broken JSON', rawFile('{"a":', 0), /not JSON/],
    ['a type that is no name', rawFile({ a: { ...f32([1], 0, 4), dtype: 7 } }, 4), /wrong at a\.dtype/],
    ['negative sizes', rawFile({ a: f32([-1], 0, 4) }, 4), /wrong at a\.shape/],
    ['a size that contradicts the shape', rawFile({ a: f32([2], 0, 4) }, 4), /"a" \[2\] of F32 has 4 bytes/],
    ['overlapping tensors', rawFile({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8), /gap or overlaps/],
    ['a gap', rawFile({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), /gap or overlaps/],
    ['a truncated file', rawFile({ a: f32([4], 0, 16) }, 12), /end at byte \d+, the file at/],
    ['bytes behind the tensors', rawFile({ a: f32([1], 0, 4) }, 5), /end at byte \d+, the file at/],
  ])('rejects %s with the reason and the path', async (name, bytes, sentence) => {
    const path = await fileOf(`${name}.safetensors`, bytes)
    const reading = readSafetensorsHeader(path)
    await expect(reading).rejects.toMatchObject({ name: 'StudioError', code: 'BAD_MODEL' })
    await expect(reading).rejects.toThrow(sentence)
    await expect(reading).rejects.toThrow(path)
  })

  // safetensors 0.6 added F8_E8M0 and types of 4 and 6 bits; others will follow.
  it.each(['F8_E8M0', 'F4', 'F7'])(
    'names the element type %s, which it does not know (would catch calling the file damaged)',
    async (dtype) => {
      const path = await fileOf(`${dtype}.safetensors`, rawFile({ a: { ...f32([2], 0, 2), dtype } }, 2))
      const message = expect.stringMatching(
        new RegExp(`^Tensor "a" of ${path} is of type ${dtype}, .*: choose weights of 16 or 32 bits\\.$`),
      ) as string
      await expect(readSafetensorsHeader(path)).rejects.toMatchObject({ code: 'UNSUPPORTED', message })
      await expect(readSafetensorsHeader(path, 'BAD_LATENT')).rejects.toMatchObject({
        code: 'BAD_LATENT',
        message: expect.stringMatching(/choose a latent of 16/) as string,
      })
    },
  )

  it('reports a missing file, a folder and a missing tensor with different error codes', async () => {
    const path = await fileOf('one.safetensors', encodeSafetensors({}))
    await expect(readSafetensorsHeader(`${path}x`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(readSafetensorsHeader(folder)).rejects.toMatchObject({ code: 'UNREADABLE' })
    await expect(readTensor(path, 'x', undefined, 'BAD_LATENT')).rejects.toMatchObject({ code: 'BAD_LATENT' })
  })

  it('refuses to write a tensor whose size contradicts its shape (would catch writing a damaged file)', () => {
    expect(() => encodeSafetensors({ x: { shape: [2], data: new Float32Array(3) } })).toThrow(RangeError)
  })
})
