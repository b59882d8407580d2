import { describe, expect, it } from 'vitest'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { createTensor } from '#core/diffusion/tensor'
import { drawTensor } from './draws'

describe('measureLatentStatistics', () => {
  it('measures Gaussian draws within five standard deviations of the ideal (would catch a wrong moment)', () => {
    for (const shape of [
      [1, 1, 16, 16],
      [1, 3, 64, 64],
    ]) {
      const d = shape.reduce((a, b) => a * b)
      for (let seed = 0; seed < 20; seed++) {
        const { mean, std, normRatio, kurtosis, neighbourCorrelation } = measureLatentStatistics(
          drawTensor(seed, shape),
        )
        expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(d))
        expect(Math.abs(std - 1)).toBeLessThan(5 / Math.sqrt(2 * d))
        expect(Math.abs(normRatio - 1)).toBeLessThan(5 / Math.sqrt(2 * d))
        expect(Math.abs(kurtosis)).toBeLessThan(5 * Math.sqrt(24 / d))
        expect(Math.abs(neighbourCorrelation)).toBeLessThan(5 / Math.sqrt(2 * d))
      }
    }
  })

  it('matches the statistics of a checkerboard computed by hand', () => {
    const board = createTensor([1, 1, 2, 4], Float32Array.from([3, 1, 3, 1, 1, 3, 1, 3]))
    const { mean, std, normRatio, kurtosis, neighbourCorrelation } = measureLatentStatistics(board)
    expect([mean, std, kurtosis, neighbourCorrelation]).toEqual([2, 1, -2, -1])
    expect(normRatio).toBeCloseTo(Math.sqrt(5), 12)
  })

  it('averages the neighbour correlation over both axes: 1/4 for values smeared along rows only', () => {
    const [height, width] = [128, 128]
    const noise = drawTensor(7, [1, 1, height, width + 1]).data
    const smeared = createTensor([1, 1, height, width])
    smeared.data.forEach((_, i) => {
      const at = Math.floor(i / width) * (width + 1) + (i % width)
      smeared.data[i] = noise[at] + noise[at + 1]
    })
    expect(measureLatentStatistics(smeared).neighbourCorrelation).toBeCloseTo(0.25, 1)
  })

  it('does not mistake channel offsets for smoothness (would catch one mean for all channels)', () => {
    const x = drawTensor(8, [1, 3, 64, 64])
    x.data.forEach((value, i) => (x.data[i] = value + Math.floor(i / (64 * 64)) * 10))
    expect(measureLatentStatistics(x).neighbourCorrelation).toBeCloseTo(0, 1)
  })

  it('gives finite statistics for a constant latent and for single-pixel latents (would catch 0 / 0)', () => {
    const flat = createTensor([1, 1, 4, 4], new Float32Array(16).fill(2))
    expect(measureLatentStatistics(flat)).toEqual({
      mean: 2,
      std: 0,
      normRatio: 2,
      kurtosis: 0,
      neighbourCorrelation: 1,
    })
    expect(Object.values(measureLatentStatistics(createTensor([1, 1, 1, 1]))).every(Number.isFinite)).toBe(
      true,
    )
    expect(Object.values(measureLatentStatistics(drawTensor(1, [1, 3, 1, 1]))).every(Number.isFinite)).toBe(
      true,
    )
  })
})
