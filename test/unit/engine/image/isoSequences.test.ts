import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeIsoBox, isoBox, isoBoxes } from '#engine/image/containers/isoBoxes'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import { picturePath } from '../../../fixtures/picturePath'

const folder = mkdtempSync(join(tmpdir(), 'slerp-sequence-'))
afterAll(() => rmSync(folder, { recursive: true }))

const zeros = (count: number) => Buffer.alloc(count)
const u32 = (...values: number[]) => {
  const bytes = zeros(values.length * 4)
  values.forEach((value, i) => bytes.writeInt32BE(value, i * 4))
  return bytes
}
const box = (type: string, ...parts: Buffer[]) => encodeIsoBox(type, Buffer.concat(parts))

interface SequenceOptions {
  readonly matrix?: readonly [number, number, number, number]
  readonly handler?: string
  /** Version 1 of the track header, and chunk offsets of 8 bytes. */
  readonly wide?: boolean
  /** The stated length of a sample. */
  readonly length?: number
}

/** upright.heic as a sequence without a still, its picture twice; by ISO/IEC 14496-12, sections 8 and 12. */
function sequence({ matrix = [1, 0, 0, 1], handler = 'pict', wide = false, length }: SequenceOptions = {}) {
  const still = readFileSync(picturePath('upright.heic'))
  const mdat = isoBox(still, 'mdat')
  const ipco = isoBox(isoBox(isoBox(still, 'meta').subarray(4), 'iprp'), 'ipco')
  // The coding, the colours, and which part of 64 x 64 pixels is shown: a sample entry has the same boxes.
  const coding = [...isoBoxes(ipco)].filter(({ type }) => ['hvcC', 'colr', 'clap'].includes(type))
  const described = coding.map(({ type, data }) => box(type, data))
  const entry = zeros(78)
  entry.writeUInt16BE(64, 24)
  entry.writeUInt16BE(64, 26)
  const [a, b, c, d] = matrix.map((value) => value * 0x10000)
  const header = box(
    'tkhd',
    Buffer.of(wide ? 1 : 0, 0, 0, 1),
    zeros((wide ? 32 : 20) + 16),
    u32(a, b, 0, c, d, 0, 0, 0, 0x40000000),
    u32(40 << 16, 24 << 16),
  )
  const type = box('ftyp', Buffer.from('msf1\0\0\0\0msf1hevc', 'latin1'))
  const head = Buffer.concat([type, box('mdat', mdat, mdat)])
  const place = type.length + 8
  const table = box(
    'stbl',
    box('stsd', u32(0, 1), box('hvc1', entry, ...described)),
    box('stsz', u32(0, 0, 2, length ?? mdat.length, mdat.length)),
    box('stsc', u32(0, 1, 1, 2, 1)),
    wide ? box('co64', u32(0, 1, 0, place)) : box('stco', u32(0, 1, place)),
  )
  const media = box('mdia', box('hdlr', u32(0, 0), Buffer.from(handler), zeros(13)), box('minf', table))
  return Buffer.concat([head, box('moov', box('trak', header, media))])
}

function write(bytes: Buffer): string {
  const path = join(folder, 'sequence.heic')
  writeFileSync(path, bytes)
  return path
}

describe('a HEIC sequence without a still picture', () => {
  it.each([false, true])(
    'opens as its first picture, with 64-bit fields: %s (would catch a reader that requires a still picture)',
    async (wide) => {
      const path = write(sequence({ wide }))
      expect(await readPictureInfo(path)).toMatchObject({
        width: 40,
        height: 24,
        format: 'heic',
        more: 'frames',
      })
      const { data } = await openPicture(path)
      const still = await openPicture(picturePath('upright.heic'))
      expect(Buffer.from(data).equals(Buffer.from(still.data))).toBe(true)
    },
  )

  // The colour then at the top left; the stored quarters are red, green / blue, grey.
  it.each<[string, [number, number, number, number], number, number, number[]]>([
    ['a quarter to the right', [0, 1, -1, 0], 24, 40, [30, 30, 220]],
    ['a quarter to the left', [0, -1, 1, 0], 24, 40, [30, 200, 30]],
    ['a half', [-1, 0, 0, -1], 40, 24, [128, 128, 128]],
  ])('is rotated by %s, following its track matrix', async (_, matrix, width, height, colour) => {
    const path = write(sequence({ matrix }))
    expect(await readPictureInfo(path)).toMatchObject({ width, height })
    const { data } = await openPicture(path)
    colour.forEach((expected, i) => expect(Math.abs(data[i] - expected)).toBeLessThanOrEqual(2))
  })

  it.each<[string, Buffer, string]>([
    ['no track of pictures', sequence({ handler: 'soun' }), 'has no track of pictures'],
    [
      'a picture beyond its end',
      sequence({ length: 1e6 }),
      'is truncated: part of its pixel data is missing',
    ],
    ['a table that is cut off', sequence().subarray(0, -40), 'is truncated'],
  ])('is rejected with a clear message when it has %s', async (_, bytes, sentence) => {
    await expect(openPicture(write(bytes))).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining(sentence) as string,
    })
  })
})
