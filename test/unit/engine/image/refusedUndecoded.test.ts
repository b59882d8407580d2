import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { afterAll, describe, expect, it } from 'vitest'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import { picturePath } from '../../../fixtures/picturePath'
import { type TiffOptions, writeTiff } from '../../../fixtures/tiffFile'

const folder = mkdtempSync(join(tmpdir(), 'slerp-refused-'))
afterAll(() => rmSync(folder, { recursive: true }))

const read = (name: string) => readFileSync(picturePath(name))

/** Returns the message that a file is refused with, or null if it is not. */
async function refusal(attempt: Promise<unknown>): Promise<string | null> {
  const error = await attempt.then(
    () => null,
    (thrown: Error) => thrown,
  )
  if (error) expect(error).toMatchObject({ code: 'BAD_PICTURE' })
  return error?.message ?? null
}

function jpegOf(code: number, bits = 8): Buffer {
  const bytes = read('upright.jpg')
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]))
  bytes[frame + 1] = code
  bytes[frame + 4] = bits
  return bytes
}

const rgb = { width: 16, height: 16, bits: 8, channels: 3, photometric: 2, sample: () => 9 } as const
const tiffOf = (more: Partial<TiffOptions>) => writeTiff({ ...rgb, ...more })

/** Replaces the single value of a tag, a SHORT or LONG in the directory itself. */
function withTag(bytes: Buffer, tag: number, type: 3 | 4, value: number): Buffer {
  const at = bytes.indexOf(Buffer.from([tag & 255, tag >> 8, type, 0, 1, 0, 0, 0]))
  expect(at).toBeGreaterThan(0)
  const changed = Buffer.from(bytes)
  changed.writeUInt32LE(value, at + 8)
  return changed
}

function losslessBlocks(): Buffer {
  const bytes = read('jpeg.tif')
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0, 0, 17, 8]))
  expect(frame).toBeGreaterThan(0)
  bytes[frame + 1] = 0xc3
  return bytes
}

/** A TIFF of two rows and three columns of tiles, JPEG files of 16 x 16 pixels; `change` is made to the last. */
function tiffOfJpegs(change: (jpeg: Buffer) => Buffer = (jpeg) => jpeg): Buffer {
  const context = createCanvas(16, 16).getContext('2d')
  context.fillStyle = 'orange'
  context.fillRect(3, 4, 9, 8)
  const tile = context.canvas.encodeSync('jpeg', 90)
  const jpegBlocks = [...Array<Buffer>(5).fill(tile), change(Buffer.from(tile))]
  return tiffOf({ width: 48, height: 32, photometric: 6, tile: 16, jpegBlocks })
}

/** Changes bytes of a JPEG file's frame header, counted from its marker. */
const withFrame = (changes: readonly [at: number, value: number][]) => (bytes: Buffer) => {
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0, 0, 17, 8]))
  expect(frame).toBeGreaterThan(0)
  for (const [at, value] of changes) bytes[frame + at] = value
  return bytes
}

const unread: [what: string, name: string, bytes: Buffer][] = [
  ['a lossless JPEG', 'a.jpg', jpegOf(0xc3)],
  ['a hierarchical JPEG', 'a.jpg', jpegOf(0xc5)],
  ['a JPEG of 12 bits', 'a.jpg', jpegOf(0xc1, 12)],
  ['a floating-point TIFF', 'a.tif', read('float.tif')],
  ['a fax', 'a.tif', read('fax.tif')],
  ['a TIFF compressed with Zstandard', 'a.tif', withTag(tiffOf({}), 259, 3, 50_000)],
  ['a TIFF in LAB', 'a.tif', tiffOf({ photometric: 8 })],
  ['a TIFF of 32 bits', 'a.tif', withTag(tiffOf({ channels: 1, photometric: 1 }), 258, 3, 32)],
  ['a CMYK TIFF with a profile', 'a.tif', tiffOf({ channels: 4, photometric: 5, tags: [[34675, 7, [0]]] })],
  ['a TIFF of 3 x 2 pixels a colour', 'a.tif', tiffOf({ photometric: 6, subsampling: [3, 2] })],
  ['a TIFF of lossless JPEG blocks', 'a.tif', losslessBlocks()],
  ['a TIFF whose last JPEG block is lossless', 'a.tif', tiffOfJpegs(withFrame([[1, 0xc3]]))],
  [
    'a TIFF in a single large strip',
    'a.tif',
    [256, 257, 278].reduce(
      (bytes, tag) => withTag(bytes, tag, 4, 8000),
      writeTiff({ ...rgb, bits: 16, width: 16 }),
    ),
  ],
]

describe('readPictureInfo', () => {
  it.each<[what: string, change: (jpeg: Buffer) => Buffer, said: RegExp]>([
    ['too narrow', withFrame([[8, 8]]), /a part of another size/],
    ['too low', withFrame([[6, 8]]), /a part of another size/],
    ['without its scan', (bytes) => bytes.subarray(0, bytes.indexOf(Buffer.from([0xff, 0xda]))), /truncated/],
    ['no JPEG file', (bytes) => bytes.fill(7), /truncated/],
  ])(
    'refuses a TIFF whose last JPEG block is %s (would catch one whose first block alone is looked at)',
    async (_, change, said) => {
      const path = join(folder, 'blocks.tif')
      writeFileSync(path, tiffOfJpegs())
      expect(await refusal(readPictureInfo(path))).toBeNull()
      expect(await refusal(openPicture(path))).toBeNull()
      writeFileSync(path, tiffOfJpegs(change))
      expect(await refusal(readPictureInfo(path))).toMatch(said)
    },
  )

  it.each(unread)(
    'refuses %s in the words of openPicture (would catch a file taken in and refused at its encoding)',
    async (_, name, bytes) => {
      const path = join(folder, name)
      writeFileSync(path, bytes)
      const said = await refusal(openPicture(path))
      expect(said).toMatch(/\. Save it /)
      expect(await refusal(readPictureInfo(path))).toBe(said)
    },
  )

  it.each(['upright.tif', 'deflate.tif', 'palette.tif', 'jpeg.tif'])(
    'calls %s truncated at any length that openPicture refuses',
    async (name) => {
      const bytes = read(name)
      const path = join(folder, name)
      // What is read of a directory may be its last bytes.
      const lengths = Array.from({ length: 12 }, (_, i) => bytes.length - 1 - i)
      for (let length = bytes.length - 13; length > 8; length -= 61) lengths.push(length)
      for (const length of lengths) {
        writeFileSync(path, bytes.subarray(0, length))
        const said = await refusal(openPicture(path))
        expect(await refusal(readPictureInfo(path)), `${length} bytes`).toBe(said)
        if (said !== null) expect(said, `${length} bytes`).toMatch(/truncated|pixel data is missing/)
      }
    },
  )
})
