import { describe, expect, it } from 'vitest'
import {
  describeFidelity,
  gradeOf,
  reconstructionLabel,
} from '../../../../src/renderer/labels/fidelityLabels'

describe('fidelity labels', () => {
  it('say that a picture was reconstructed exactly instead of "Infinity dB"', () => {
    expect(reconstructionLabel({ psnr: Infinity, mse: 0, ssim: 1 })).toBe('reconstructed exactly')
    expect(reconstructionLabel({ psnr: 34.06, mse: 4e-4, ssim: 0.99 })).toBe('reconstructed at 34.1 dB')
    expect(describeFidelity({ psnr: Infinity, mse: 0, ssim: 1 })).toMatch(/identical/i)
  })

  it('name the autoencoder when it limits the fidelity, and suggest more steps otherwise', () => {
    const of = (psnr: number) => ({ psnr, mse: 10 ** (-psnr / 10), ssim: 0.9 })
    const parts = (autoencoder: number, inversion: number) => ({
      fidelityParts: { autoencoder: of(autoencoder), inversion: of(inversion) },
    })
    expect(describeFidelity(of(24), parts(24.5, 35))).toMatch(/autoencoder/)
    expect(describeFidelity(of(24), parts(38, 24.2))).toMatch(/more steps/)
  })

  it('never give a worse picture a better grade', () => {
    const order = { good: 2, fair: 1, poor: 0 }
    const grades = [10, 20, 25, 30, 35, 40, 50].map((psnr) => order[gradeOf(psnr)])
    expect(grades).toEqual([...grades].sort())
  })
})
