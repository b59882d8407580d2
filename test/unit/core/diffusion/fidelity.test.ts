import { describe, expect, it } from 'vitest'
import { meanPsnr, measureFidelity } from '#core/diffusion/fidelity'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { drawTensor } from './draws'

const constant = (value: number, shape = [1, 1, 16, 16]) => {
  const tensor = createTensor(shape)
  tensor.data.fill(value)
  return tensor
}
const picture = (seed: number, shape: number[]) => {
  const tensor = drawTensor(seed, shape)
  tensor.data.forEach((value, i) => (tensor.data[i] = Math.tanh(value)))
  return tensor
}

/** SSIM as Wang et al. define it: one window after another, with moments around its own means. */
function plainSsim(a: Tensor, b: Tensor, windowSize: number): number {
  const [, channels, height, width] = a.shape
  const half = (windowSize - 1) / 2
  const unit = ({ data }: Tensor, at: number) => (data[at] + 1) / 2
  const results: number[] = []
  for (let channel = 0; channel < channels; channel++) {
    for (let y = half; y < height - half; y++) {
      for (let x = half; x < width - half; x++) {
        const cells: { w: number; p: number; q: number }[] = []
        for (let dy = -half; dy <= half; dy++) {
          for (let dx = -half; dx <= half; dx++) {
            const at = (channel * height + y + dy) * width + x + dx
            cells.push({
              w: Math.exp(-(dx * dx + dy * dy) / (2 * 1.5 * 1.5)),
              p: unit(a, at),
              q: unit(b, at),
            })
          }
        }
        const total = cells.reduce((sum, { w }) => sum + w, 0)
        const mean = (of: (cell: (typeof cells)[0]) => number) =>
          cells.reduce((sum, cell) => sum + (cell.w / total) * of(cell), 0)
        const [p, q] = [mean((c) => c.p), mean((c) => c.q)]
        const covariance = mean((c) => (c.p - p) * (c.q - q))
        const variances = mean((c) => (c.p - p) ** 2) + mean((c) => (c.q - q) ** 2)
        const [c1, c2] = [0.0001, 0.0009]
        results.push(((2 * p * q + c1) * (2 * covariance + c2)) / ((p * p + q * q + c1) * (variances + c2)))
      }
    }
  }
  return results.reduce((sum, value) => sum + value, 0) / results.length
}

describe('measureFidelity', () => {
  it('measures on [0, 1]: an offset of 0.2 on [-1, 1] gives an MSE of 0.01 and a PSNR of 20 dB (would catch a wrong value range)', () => {
    const { mse, psnr } = measureFidelity(constant(0.1), constant(0.3))
    expect(mse).toBeCloseTo(0.01, 7)
    expect(psnr).toBeCloseTo(20, 4)
  })

  it('reports a perfect match for a picture compared with itself (would catch NaN from a zero error)', () => {
    const same = picture(1, [1, 3, 16, 16])
    const { mse, psnr, ssim } = measureFidelity(same, same)
    expect([mse, psnr]).toEqual([0, Infinity])
    expect(ssim).toBeCloseTo(1, 12)
  })

  it('ignores differences beyond [-1, 1], which no screen can show', () => {
    expect(measureFidelity(constant(1), constant(1.5)).mse).toBe(0)
    expect(measureFidelity(constant(-1), constant(-3)).psnr).toBe(Infinity)
  })

  it('matches the closed form of SSIM for flat pictures (would catch K1 and K2 swapped, or a peak value of 255)', () => {
    const [a, b] = [0.25, 0.75]
    const { ssim } = measureFidelity(constant(-0.5), constant(0.5))
    expect(ssim).toBeCloseTo((2 * a * b + 0.0001) / (a * a + b * b + 0.0001), 9)
  })

  it.each([
    ['larger than the window', [1, 3, 14, 17], 11],
    ['as small as 8x9', [1, 2, 8, 9], 7],
  ])(
    'agrees with a direct implementation of SSIM for pictures %s (would catch swapped axes, padding or sample covariance)',
    (_, shape, side) => {
      for (const seed of [1, 2, 3]) {
        const [a, b] = [picture(seed, shape), picture(seed + 10, shape)]
        expect(measureFidelity(a, b).ssim).toBeCloseTo(plainSsim(a, b, side), 9)
      }
    },
  )

  it('refuses pictures of different shapes', () => {
    expect(() => measureFidelity(constant(0), constant(0, [1, 1, 8, 8]))).toThrow(RangeError)
  })
})

it('averages the PSNR of pictures that are not exact, and counts the exact ones (would catch one exact picture of 64 that makes a cell "identical")', () => {
  // 20 dB and 40 dB, by definition.
  const { psnr, exact } = meanPsnr([0, 1e-2, 1e-4])
  expect(psnr).toBeCloseTo(30, 9)
  expect(exact).toBe(1)
  expect(meanPsnr([0, 0])).toEqual({ psnr: Infinity, exact: 2 })
})
