import { describe, expect, it } from 'vitest'
import { openPicture, readPictureInfo } from '#engine/image/decodePicture'
import type { Pixels } from '#core/picture/pixels'
import { picturePath } from '../../../fixtures/picturePath'

type Rgb = readonly [number, number, number]

const red: Rgb = [220, 30, 30]
const green: Rgb = [30, 200, 30]
const blue: Rgb = [30, 30, 220]
const grey: Rgb = [128, 128, 128]

function colourAt({ data, width, height }: Pixels, x: number, y: number): number[] {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4
  return [...data.subarray(at, at + 4)]
}

/** Colours of the quarters: top left, top right, bottom left, bottom right. */
function quartersOf(picture: Pixels): number[][] {
  const places = [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.25, 0.75],
    [0.75, 0.75],
  ]
  return places.map(([x, y]) => colourAt(picture, x, y))
}

function expectQuarters(picture: Pixels, expected: readonly Rgb[], tolerance = 2): void {
  quartersOf(picture).forEach((colour, i) => {
    const difference = Math.max(...expected[i].map((value, c) => Math.abs(value - colour[c])))
    expect(difference, `quarter ${i} is ${colour.join(', ')}`).toBeLessThanOrEqual(tolerance)
    expect(colour[3]).toBe(255)
  })
}

/**
 * EXIF's orientations, from CIPA DC-008: where row 0 and column 0 of the stored picture are in the upright
 * one. The stored quarters are red, green / blue, grey.
 */
const upright: readonly (readonly Rgb[])[] = [
  [red, green, blue, grey], // 1: row 0 top, column 0 left
  [green, red, grey, blue], // 2: top, right
  [grey, blue, green, red], // 3: bottom, right
  [blue, grey, red, green], // 4: bottom, left
  [red, blue, green, grey], // 5: left, top
  [blue, red, grey, green], // 6: right, top
  [grey, green, blue, red], // 7: right, bottom
  [green, grey, red, blue], // 8: left, bottom
]

describe('openPicture', () => {
  describe.each(['jpg', 'png', 'webp', 'avif', 'tif'])('%s', (ending) => {
    it.each([2, 3, 4, 5, 6, 7, 8])('applies orientation %i exactly once', async (orientation) => {
      const path = picturePath(`orientation-${orientation}.${ending}`)
      const picture = await openPicture(path)
      expectQuarters(picture, upright[orientation - 1])
      const size = orientation >= 5 ? { width: 24, height: 40 } : { width: 40, height: 24 }
      expect(picture).toMatchObject(size)
      expect(await readPictureInfo(path)).toMatchObject(size)
    })
  })

  it.each(['jpg', 'png', 'webp', 'avif', 'tif', 'heic'])(
    'converts %s by its ICC profile, which swaps red and green here',
    async (ending) => {
      // Swapped primaries, and a plain gamma of 2.2 instead of sRGB's curve: 30 becomes 24, 128 becomes 129.
      expectQuarters(await openPicture(picturePath(`swapped-profile.${ending}`)), [
        [24, 220, 24],
        [201, 24, 24],
        [24, 24, 220],
        [129, 129, 129],
      ])
    },
  )

  it('converts grey by a grey profile: linear 128 becomes 188 in sRGB', async () => {
    const picture = await openPicture(picturePath('linear-grey-profile.png'))
    expectQuarters(picture, Array<Rgb>(4).fill([188, 188, 188]))
  })

  it.each([
    'upright.jpg',
    'upright.png',
    'upright.webp',
    'upright.avif',
    'upright.gif',
    'progressive.jpg',
    'cmyk.jpg',
    'palette.png',
    'deep.png',
    'interlaced.png',
    'animated.gif',
    'animated.webp',
    'animated.png',
    'upright.heic',
    'upright.tif',
    'stored.tif',
    'deflate.tif',
    'packbits.tif',
    'jpeg.tif',
    'cmyk.tif',
    'palette.tif',
  ])('decodes the first or only frame of %s', async (name) => {
    expectQuarters(await openPicture(picturePath(name)), upright[0])
  })

  it.each(['grey.png', 'grey.jpg'])('copies the single channel of %s to all three', async (name) => {
    // ITU-R BT.601 luma, as the program that made the file used.
    const luma = [red, green, blue].map(([r, g, b]) => Math.round(0.299 * r + 0.587 * g + 0.114 * b))
    const greys = [...luma, 128].map((value): Rgb => [value, value, value])
    expectQuarters(await openPicture(picturePath(name)), greys)
  })

  it.each([
    'right-half-transparent.png',
    'interlaced-alpha.png',
    'right-half-transparent.webp',
    'right-half-transparent.tif',
  ])('keeps the alpha of %s', async (name) => {
    const alphas = quartersOf(await openPicture(picturePath(name))).map(([, , , alpha]) => alpha)
    expect(alphas).toEqual([255, 0, 255, 0])
  })

  it('reads a black-and-white TIFF that does not state its bits per sample', async () => {
    const picture = await openPicture(picturePath('black-and-white.tif'))
    // White where red is over 100: 220, 30 / 30, 128.
    expect(quartersOf(picture).map(([value]) => value)).toEqual([255, 0, 0, 255])
  })

  it('converts a 16-bit grey TIFF to 8 bits', async () => {
    expect(quartersOf(await openPicture(picturePath('deep-grey.tif')))).toEqual(
      Array(4).fill([128, 128, 128, 255]),
    )
  })

  it.each([
    ['fax.tif', 'compressed in a way that is not read'],
    ['float.tif', 'floating-point numbers'],
  ])('rejects %s and says why', async (name, reason) => {
    await expect(openPicture(picturePath(name))).rejects.toMatchObject({
      code: 'BAD_PICTURE',
      message: expect.stringContaining(reason),
    })
  })

  it('opens an interlaced picture smaller than its passes', async () => {
    const { data } = await openPicture(picturePath('interlaced-tiny-alpha.png'))
    expect([...data]).toEqual(
      Array(6)
        .fill([...red, 255])
        .flat(),
    )
  })
})

describe('readPictureInfo', () => {
  it('returns the name, hash, format and size of a file', async () => {
    const path = picturePath('upright.png')
    // sha256sum test/fixtures/pictures/upright.png
    const sha256 = 'b6355185333ffea470d6c825ef1ae36507db11a8ed5c7b70bda352518d48886d'
    expect(await readPictureInfo(path)).toEqual({
      ...{ path, name: 'upright.png', sha256, format: 'png' },
      ...{ width: 40, height: 24, bytes: 120 },
    })
  })
})
