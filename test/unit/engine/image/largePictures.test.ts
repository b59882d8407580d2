import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodePngChunk } from '#engine/image/containers/pngChunks'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import { fitPicture } from '#engine/image/fitPicture'
import { halve } from '#core/picture/pixels'
import { gradient } from '../../../fixtures/paint'
import { picturePath } from '../../../fixtures/picturePath'

/** A black-and-white PNG whose upper left quarter is white, written by hand from the specification. */
function writeQuarter(side: number): string {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header[8] = 1
  const row = (isWhite: boolean) =>
    Buffer.concat([Buffer.of(0), Buffer.alloc(side / 16, isWhite ? 255 : 0), Buffer.alloc(side / 16)])
  const rows = Array.from({ length: side }, (_, y) => row(y < side / 2))
  const path = join(mkdtempSync(join(tmpdir(), 'large-')), 'quarter.png')
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  const parts = [
    encodePngChunk('IHDR', header),
    encodePngChunk('IDAT', deflateSync(Buffer.concat(rows))),
    encodePngChunk('IEND', Buffer.alloc(0)),
  ]
  writeFileSync(path, Buffer.concat([signature, ...parts]))
  return path
}

describe('a picture of more than 32 megapixels', () => {
  it('is held at half its size, but still measured in file pixels (would catch crops at the wrong position)', async () => {
    const side = 5856
    const picture = await openPicture(writeQuarter(side))
    expect(picture).toMatchObject({ width: side / 2, height: side / 2, reduction: 2 })
    expect(picture.info).toMatchObject({ width: side, height: side })
    const shown = (x: number, y: number) =>
      Math.round(fitPicture(picture, { mode: 'crop', x, y, width: 64, height: 64 }, 8, 8).data[0] / 255)
    const [near, far] = [side / 2 - 80, side / 2 + 16]
    expect([shown(near, near), shown(far, near), shown(near, far), shown(far, far)]).toEqual([1, 0, 0, 0])
    const whole = fitPicture(picture, { mode: 'cover' }, 4, 4)
    const reds = [...whole.data].filter((_, i) => i % 4 === 0)
    expect([reds[0], reds[3], reds[12], reds[15]].map((red) => Math.round(red / 255))).toEqual([1, 0, 0, 0])
  })
})

describe('halving a picture', () => {
  it('averages four pixels, or fewer at an odd edge', () => {
    const picture = gradient(5, 3)
    const half = halve(picture)
    expect([half.width, half.height]).toEqual([3, 2])
    const at = (x: number, y: number, c: number) => picture.data[(y * 5 + x) * 4 + c]
    const mean = (at(2, 0, 1) + at(3, 0, 1) + at(2, 1, 1) + at(3, 1, 1)) / 4
    expect(Math.abs(half.data[1 * 4 + 1] - mean)).toBeLessThanOrEqual(0.5)
    expect(half.data[(1 * 3 + 2) * 4 + 0]).toBe(at(4, 2, 0))
  })

  it('weights colours by alpha, and never rounds alpha up to opaque (would catch black fringes and hidden holes)', () => {
    const data = Uint8ClampedArray.of(200, 100, 50, 255, 0, 0, 0, 0, 200, 100, 50, 255, 200, 100, 50, 254)
    const half = halve({ data, width: 2, height: 2 })
    expect([...half.data]).toEqual([200, 100, 50, 191])
    const nearly = Uint8ClampedArray.from({ length: 16 }, (_, i) => (i === 3 ? 254 : 255))
    expect(halve({ data: nearly, width: 2, height: 2 }).data[3]).toBe(254)
  })
})

/** A small picture that claims to have `side` x `side` pixels: `patch` changes its header. */
function saying(name: string, patch: (bytes: Buffer) => void): string {
  const bytes = readFileSync(picturePath(name))
  patch(bytes)
  const path = join(mkdtempSync(join(tmpdir(), 'said-')), name)
  writeFileSync(path, bytes)
  return path
}

/** Both sides in a JPEG's frame header (ITU-T T.81, B.2.2). */
const frameOf = (marker: number, side: number) => (bytes: Buffer) => {
  const at = bytes.indexOf(Buffer.from([0xff, marker]))
  bytes.writeUInt16BE(side, at + 5)
  bytes.writeUInt16BE(side, at + 7)
}
/** Both sides, minus one, in 14 bits each (WebP lossless bitstream, section 3). */
const losslessOf = (side: number) => (bytes: Buffer) =>
  bytes.writeUInt32LE((side - 1) | ((side - 1) << 14), bytes.indexOf('VP8L') + 9)
const propertyOf = (side: number) => (bytes: Buffer) => {
  const at = bytes.indexOf('ispe')
  bytes.writeUInt32BE(side, at + 8)
  bytes.writeUInt32BE(side, at + 12)
}

describe('a picture whose decoder needs more memory than most', () => {
  it.each([
    ['upright.webp', losslessOf(8192), 'the limit of a lossless WebP picture is 50.0'],
    ['progressive.jpg', frameOf(0xc2, 8192), /the limit of a JPEG picture in \d+ scans is [345]\d\.\d/],
    ['upright.avif', propertyOf(8192), 'the limit of an AVIF picture is 30.8'],
  ])('is rejected by its header alone when it is too large: %s', async (name, patch, sentence) => {
    const message =
      typeof sentence === 'string' ? expect.stringContaining(sentence) : expect.stringMatching(sentence)
    await expect(readPictureInfo(saying(name, patch))).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: message as string,
    })
  })

  it.each([
    ['upright.webp', losslessOf(7000), 7000],
    ['upright.avif', propertyOf(5500), 5500],
  ])('reports its size when it is within the limit: %s', async (name, patch, side) => {
    expect(await readPictureInfo(saying(name, patch))).toMatchObject({ width: side, height: side })
  })
})
