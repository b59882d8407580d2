import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import { readExifOrientation } from '#engine/image/orientation'
import { picturePath } from '../../../fixtures/picturePath'

const folder = mkdtempSync(join(tmpdir(), 'slerp-turned-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Field {
  readonly type: number
  readonly count: number
  /** The four bytes that hold the value. */
  readonly value: readonly number[]
}

const short = (orientation: number): Field => ({ type: 3, count: 1, value: [orientation, 0, 0, 0] })

/** A little-endian EXIF block whose only field is the orientation. */
function exifOf({ type, count, value }: Field): Buffer {
  const block = Buffer.from('II*\0\x08\0\0\0\x01\0\x12\x01', 'latin1')
  const field = Buffer.alloc(14)
  field.writeUInt16LE(type, 0)
  field.writeUInt32LE(count, 2)
  field.set(value, 6)
  return Buffer.concat([block, field])
}

/** upright.jpg, 40 x 24, with EXIF blocks. */
function jpegWith(...blocks: readonly Buffer[]): Buffer {
  const segments = blocks.map((block) => {
    const data = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block])
    return Buffer.concat([Buffer.from([0xff, 0xe1, 0, data.length + 2]), data])
  })
  const bytes = readFileSync(picturePath('upright.jpg'))
  return Buffer.concat([bytes.subarray(0, 2), ...segments, bytes.subarray(2)])
}

/** orientation-6.webp with another EXIF block. */
function webpWith(block: Buffer): Buffer {
  const bytes = readFileSync(picturePath('orientation-6.webp'))
  const at = bytes.indexOf('EXIF')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(block.length)
  const file = Buffer.concat([bytes.subarray(0, at + 4), length, block])
  file.writeUInt32LE(file.length - 8, 4)
  return file
}

/** Returns the size; header and pixels must agree on it. */
async function sizeOf(name: string, bytes: Buffer): Promise<string> {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const [info, picture] = [await readPictureInfo(path), await openPicture(path)]
  expect(`${picture.width} x ${picture.height}`).toBe(`${info.width} x ${info.height}`)
  return `${info.width} x ${info.height}`
}

describe('header and pixels agree on the EXIF orientation', () => {
  it.each([
    ['of type SHORT', short(6), '24 x 40'],
    ['of type LONG', { type: 4, count: 1, value: [6, 0, 0, 0] }, '24 x 40'],
    ['of count 2, which says nothing', { type: 3, count: 2, value: [6, 0, 1, 0] }, '40 x 24'],
    // As in Pillow; EXIF knows it as SHORT only.
    ['of type BYTE', { type: 1, count: 1, value: [6, 0, 0, 0] }, '40 x 24'],
    ['of type UNDEFINED', { type: 7, count: 1, value: [6, 0, 0, 0] }, '40 x 24'],
    ['out of range', short(9), '40 x 24'],
  ])('in a JPEG whose orientation is %s', async (_, field, size) => {
    expect(await sizeOf('turned.jpg', jpegWith(exifOf(field)))).toBe(size)
  })

  it('in a JPEG with two EXIF blocks, of which the first counts', async () => {
    expect(await sizeOf('two.jpg', jpegWith(exifOf(short(6)), exifOf(short(1))))).toBe('24 x 40')
    expect(await sizeOf('two.jpg', jpegWith(exifOf(short(1)), exifOf(short(6))))).toBe('40 x 24')
  })

  it.each(['', 'Exif\0\0'])('in a WebP whose EXIF block begins with %j', async (prefix) => {
    const block = Buffer.concat([Buffer.from(prefix, 'latin1'), exifOf(short(8))])
    expect(await sizeOf('turned.webp', webpWith(block))).toBe('24 x 40')
  })

  it('in a WebP that does not flag its EXIF block, which then does not count', async () => {
    const flagged = webpWith(exifOf(short(6)))
    expect(flagged.toString('latin1', 12, 16)).toBe('VP8X')
    const unflagged = Buffer.from(flagged)
    unflagged[20] &= ~0x08
    expect(await sizeOf('flagged.webp', flagged)).toBe('24 x 40')
    expect(await sizeOf('unflagged.webp', unflagged)).toBe('40 x 24')
    // Without the extended header, nothing can be flagged.
    const simple = Buffer.concat([flagged.subarray(0, 12), flagged.subarray(30)])
    simple.writeUInt32LE(simple.length - 8, 4)
    expect(await sizeOf('simple.webp', simple)).toBe('40 x 24')
  })

  it('in a WebP with an EXIF prefix, whose pixels are turned upside down', async () => {
    const path = join(folder, 'mirrored.webp')
    writeFileSync(path, webpWith(Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exifOf(short(3))])))
    // Upside down, grey is at the top left.
    expect([...(await openPicture(path)).data.subarray(0, 3)]).toEqual([128, 128, 128])
  })
})

describe('readExifOrientation', () => {
  it('reads a LONG in both byte orders', () => {
    const bigEndian = Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x04\0\0\0\x01\0\0\0\x08', 'latin1')
    expect(readExifOrientation(bigEndian)).toBe(8)
    expect(readExifOrientation(exifOf({ type: 4, count: 1, value: [8, 0, 0, 0] }))).toBe(8)
  })

  it('returns 1 for a truncated block', () => {
    const block = exifOf(short(6))
    for (let length = 0; length < 20; length++) expect(readExifOrientation(block.subarray(0, length))).toBe(1)
  })
})
