import { describe, expect, it } from 'vitest'
import { fitPicture } from '#engine/image/fitPicture'
import { createPixels, type Pixels } from '#core/picture/pixels'

/** Red in the middle third, blue on both sides, twelve pixels high. */
function stripes(): Pixels {
  const pixels = createPixels(36, 12)
  for (let i = 0; i < 36 * 12; i++) {
    const column = i % 36
    pixels.data.set(column >= 12 && column < 24 ? [255, 0, 0, 255] : [0, 0, 255, 255], i * 4)
  }
  return pixels
}

function at({ data, width }: Pixels, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)]
}

const red = [255, 0, 0, 255]
const blue = [0, 0, 255, 255]

describe('fitPicture', () => {
  it('cover keeps only the centre', () => {
    const fitted = fitPicture(stripes(), { mode: 'cover' }, 12, 12)
    expect(fitted).toMatchObject({ width: 12, height: 12 })
    for (let x = 0; x < 12; x++) expect(at(fitted, x, 6)).toEqual(red)
  })

  it('contain keeps the whole picture, centred between bars of the background colour', () => {
    const fitted = fitPicture(stripes(), { mode: 'contain', background: '#0a1Bff' }, 36, 36)
    expect(at(fitted, 0, 11)).toEqual([10, 27, 255, 255])
    expect(at(fitted, 0, 12)).toEqual(blue)
    expect(at(fitted, 18, 12)).toEqual(red)
    expect(at(fitted, 35, 23)).toEqual(blue)
    expect(at(fitted, 35, 24)).toEqual([10, 27, 255, 255])
  })

  it('contain keeps at least one line of an extremely thin picture', () => {
    const thread = createPixels(1000, 1)
    thread.data.fill(0).forEach((_, i) => (thread.data[i] = i % 4 === 3 ? 255 : 0))
    const fitted = fitPicture(thread, { mode: 'contain', background: '#ffffff' }, 8, 8)
    expect(at(fitted, 4, 3)).toEqual([0, 0, 0, 255])
  })

  it('crop takes the given rectangle', () => {
    const fitted = fitPicture(stripes(), { mode: 'crop', x: 0, y: 0, width: 12, height: 12 }, 8, 8)
    expect(at(fitted, 4, 4)).toEqual(blue)
  })

  it('crop with a different aspect ratio uses its centre, without distortion', () => {
    const fitted = fitPicture(stripes(), { mode: 'crop', x: 6, y: 0, width: 24, height: 12 }, 12, 12)
    for (let x = 0; x < 12; x++) expect(at(fitted, x, 0)).toEqual(red)
  })

  it.each([
    { x: -1, y: 0, width: 5, height: 5 },
    { x: 30, y: 0, width: 7, height: 5 },
    { x: 0, y: 10, width: 5, height: 3 },
    { x: Number.NaN, y: 0, width: 5, height: 5 },
  ])('rejects the crop %o, which is not inside the picture', (crop) => {
    expect(() => fitPicture(stripes(), { mode: 'crop', ...crop }, 8, 8)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT', message: expect.stringContaining('36 x 12') }),
    )
  })

  it('fills transparent areas with white', () => {
    expect(at(fitPicture(createPixels(20, 20), { mode: 'cover' }, 4, 4), 0, 0)).toEqual([255, 255, 255, 255])
  })
})
