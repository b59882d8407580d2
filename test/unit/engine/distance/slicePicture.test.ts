import { describe, expect, it } from 'vitest'
import { openSlicer } from '#engine/distance/slicePicture'
import { leastSide, levelSides, textureFilters, textureSize } from '#engine/distance/textures'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { drawDirections } from '#core/statistics/slicedWasserstein'
import { createRandom } from '../../../fixtures/random'

/** The textures of one level, pixel by pixel as the definition reads. */
function expectedTextures({ data, shape: [, channels, height, width] }: Tensor): number[] {
  const filters = textureFilters()
  const [sums, counts] = [new Float64Array(textureSize), new Float64Array(textureSize)]
  const inside = (at: number, side: number) => Math.min(side - 1, Math.max(0, at))
  for (let f = 0; f < 64; f++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let response = 0
        for (let c = 0; c < channels; c++) {
          for (let dy = 0; dy < 5; dy++) {
            for (let dx = 0; dx < 5; dx++) {
              const row = c * height + inside(y + dy - 2, height)
              response +=
                filters[((f * channels + c) * 5 + dy) * 5 + dx] *
                data[row * width + inside(x + dx - 2, width)]
            }
          }
        }
        const cell = (f * 4 + Math.floor((y * 4) / height)) * 4 + Math.floor((x * 4) / width)
        sums[cell] += Math.max(0, response)
        counts[cell]++
      }
    }
  }
  return [...sums].map((sum, cell) => sum / counts[cell])
}

/** Each pixel is the mean of four; an odd last row or column is left out. */
function expectedHalf({ data, shape: [, channels, height, width] }: Tensor): Tensor {
  const half = createTensor([1, channels, height >> 1, width >> 1])
  const [, , rows, columns] = half.shape
  for (let i = 0; i < half.data.length; i++) {
    const [c, y, x] = [Math.floor(i / rows / columns), Math.floor(i / columns) % rows, i % columns]
    const at = (c * height + 2 * y) * width + 2 * x
    half.data[i] = (data[at] + data[at + 1] + data[at + width] + data[at + width + 1]) / 4
  }
  return half
}

function projectedOnto(values: ArrayLike<number>, view: number): number[] {
  const { data, count, size } = drawDirections(512, values.length, [0, view])
  return Array.from({ length: count }, (_, i) =>
    Array.from(values).reduce((sum, value, j) => sum + value * data[i * size + j], 0),
  )
}

function largestGap(a: ArrayLike<number>, b: readonly number[]): number {
  expect(a).toHaveLength(b.length)
  return Math.max(...b.map((value, i) => Math.abs(value - a[i])))
}

describe('openSlicer', () => {
  it.each([
    { height: 32, width: 32 },
    { height: 37, width: 50 },
  ])('projects pixels and the textures of four levels of $width x $height pixels', async (size) => {
    const picture = createTensor([1, 3, size.height, size.width])
    const random = createRandom(1)
    for (let i = 0; i < picture.data.length; i++) picture.data[i] = 2 * random() - 1
    const slicer = await openSlicer(size.height, size.width)
    const [pixels, ...levels] = await slicer.slice(picture)
    await slicer.close()
    expect(largestGap(pixels, projectedOnto(picture.data, 0))).toBeLessThan(1e-5)
    let level = picture
    for (const [i, slices] of levels.entries()) {
      expect(largestGap(slices, projectedOnto(expectedTextures(level), i + 1))).toBeLessThan(1e-5)
      level = expectedHalf(level)
    }
    expect(levels).toHaveLength(4)
  })

  it('uses filters of zero mean and unit norm, so that plain areas and brightness do not count', () => {
    const filters = textureFilters()
    for (let f = 0; f < 64; f++) {
      const filter = [...filters.subarray(f * 75, (f + 1) * 75)]
      expect(filter.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 5)
      expect(filter.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5)
    }
  })

  it('measures four levels down to 4 pixels a side', () => {
    expect(levelSides(leastSide)).toEqual([32, 16, 8, 4])
  })
})
