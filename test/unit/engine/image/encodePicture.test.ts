import { inflateSync } from 'node:zlib'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import { describe, expect, it } from 'vitest'
import { decodePng } from '#engine/image/decodePng'
import { encodePng, encodeWebp } from '#engine/image/encodePicture'
import type { Pixels } from '#core/picture/pixels'
import { encodePngText } from '#engine/image/pngWriter'
import { gradient, noise, paint } from '../../../fixtures/paint'
import { dataOf, readPngChunks, unfilter } from '../../../fixtures/readPng'

/** Decodes with Skia. */
async function decode(file: Uint8Array): Promise<number[]> {
  const image = await loadImage(file)
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  return [...context.getImageData(0, 0, image.width, image.height).data]
}

/** A picture for which every filter is the best somewhere: flat rows, repeated rows, slopes, noise. */
function varied(): Pixels {
  const random = noise(40, 60)
  const smooth = gradient(40, 60)
  return paint(40, 60, (x, y) => {
    const at = (y * 40 + x) * 4
    if (y < 10) return [9, 9, 9, 255]
    if (y < 20) return [x * 6, 200, x * 3, 255]
    if (y < 40) return [...smooth.data.subarray(at, at + 4)]
    return [...random.data.subarray(at, at + 4)]
  })
}

describe('encodePng', () => {
  it.each([
    ['varied rows', varied()],
    ['one pixel', noise(1, 1)],
    ['a line', noise(1, 50)],
    ['a row', noise(50, 1)],
  ])('is lossless for %s: another decoder sees the same pixels', async (_, pixels) => {
    expect(await decode(await encodePng(pixels))).toEqual([...pixels.data])
    expect(await decodePng(await encodePng(pixels))).toEqual(pixels)
  })

  it('stores opaque pictures without alpha', async () => {
    const header = dataOf(readPngChunks(await encodePng(noise(5, 4))), 'IHDR')
    expect([...header]).toEqual([0, 0, 0, 5, 0, 0, 0, 4, 8, 2, 0, 0, 0])
  })

  it('keeps colours exact under any alpha', async () => {
    const pixels = paint(16, 16, (x, y) => [x * 17, y * 17, 99, (x + y) * 8])
    const stream = dataOf(readPngChunks(await encodePng(pixels)), 'IDAT')
    expect([...unfilter(stream, 16, 16, 4)]).toEqual([...pixels.data])
  })

  it('stores text in any script', async () => {
    const file = await encodePng(noise(2, 2), [encodePngText('Note', '{"größe": "大"}')])
    const text = dataOf(readPngChunks(file), 'iTXt')
    // Keyword, compressed, method, no language, no translated keyword.
    expect(text.subarray(0, 9).toString('latin1')).toBe('Note\0\x01\0\0\0')
    expect(inflateSync(text.subarray(9)).toString('utf8')).toBe('{"größe": "大"}')
  })
})

describe('encodeWebp', () => {
  it('is lossless at quality 100', async () => {
    const pixels = varied()
    expect(await decode(await encodeWebp(pixels, 100))).toEqual([...pixels.data])
  })

  it('produces smaller files at lower quality', async () => {
    const sizes = await Promise.all(
      [100, 90, 30].map(async (quality) => (await encodeWebp(varied(), quality)).length),
    )
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  })
})
