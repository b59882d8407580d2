import { describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { createPixels, type Pixels } from '#core/picture/pixels'
import { latentToPixels, pixelsToTensor, tensorToPixels } from '#engine/image/tensorPixels'

/** 256 pixels: red rises, green falls, blue is constant. */
function ramps(): Pixels {
  const pixels = createPixels(16, 16)
  for (let i = 0; i < 256; i++) pixels.data.set([i, 255 - i, 7, 255], i * 4)
  return pixels
}

function reds({ data }: Pixels): number[] {
  return [...data].filter((_, i) => i % 4 === 0)
}

describe('pixelsToTensor and tensorToPixels', () => {
  it('preserve every byte in a round trip', () => {
    expect(tensorToPixels(pixelsToTensor(ramps(), 3))).toEqual(ramps())
  })

  it('store channels as planes, with black at -1 and white at 1', () => {
    const x = pixelsToTensor(ramps(), 3)
    expect(x.shape).toEqual([1, 3, 16, 16])
    expect([x.data[0], x.data[255], x.data[256], x.data[511]]).toEqual([-1, 1, 1, -1])
  })

  it('compute grey with the Rec. 709 weights', () => {
    const pixels = createPixels(3, 1)
    pixels.data.set([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255])
    const x = pixelsToTensor(pixels, 1)
    expect(x.shape).toEqual([1, 1, 1, 3])
    for (const [i, luma] of [0.2126, 0.7152, 0.0722].entries())
      expect((x.data[i] + 1) / 2).toBeCloseTo(luma, 6)
  })

  it('round halves up and clamp out-of-range values', () => {
    // Byte b is at b / 127.5 - 1; 0.5 above byte 3 rounds to 4. The margin of 1e-6 avoids float32 rounding.
    const x = createTensor([1, 1, 1, 5], Float32Array.of(-1.5, 1.5, 0, 3.5 / 127.5 - 1 + 1e-6, Infinity))
    expect(reds(tensorToPixels(x))).toEqual([0, 255, 128, 4, 255])
  })

  it.each([[[2, 3, 4, 4]], [[1, 4, 4, 4]], [[3, 4, 4]]])('reject the shape %o', (shape) => {
    expect(() => tensorToPixels(createTensor(shape))).toThrow(RangeError)
  })
})

describe('latentToPixels', () => {
  it('shows 0 as mid-grey and ±3 standard deviations as black and white', () => {
    const x = createTensor([1, 1, 1, 5], Float32Array.of(-4, -3, 0, 3, 4))
    expect(reds(latentToPixels(x))).toEqual([0, 0, 128, 255, 255])
  })

  it('shows the four channels of an autoencoder as two rows of two (would catch an error at the end of an encode)', () => {
    const channels = [-3, 0, 0, 3].flatMap((value) => [value, value])
    const pixels = latentToPixels(createTensor([1, 4, 1, 2], Float32Array.from(channels)))
    expect([pixels.width, pixels.height]).toEqual([4, 2])
    expect(reds(pixels)).toEqual([0, 0, 128, 128, 128, 128, 255, 255])
  })
})
