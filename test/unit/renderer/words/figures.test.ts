import { describe, expect, it } from 'vitest'
import {
  bytesText,
  comesBackText,
  durationText,
  fidelityWords,
  figure,
  gradeOf,
  psnrText,
} from '../../../../src/renderer/words/figures'

describe('words', () => {
  it('says that a picture came back exactly instead of "Infinity dB"', () => {
    expect(psnrText(Infinity)).toBe('identical')
    expect(comesBackText({ psnr: Infinity, mse: 0, ssim: 1 })).toBe('comes back identical')
    expect(comesBackText({ psnr: 34.06, mse: 4e-4, ssim: 0.99 })).toBe('comes back with 34.1 dB')
    expect(fidelityWords({ psnr: Infinity, mse: 0, ssim: 1 })).toMatch(/identical/i)
  })

  it('never praises a worse picture more', () => {
    const order = { good: 2, fair: 1, poor: 0 }
    const grades = [10, 20, 25, 30, 35, 40, 50].map((psnr) => order[gradeOf(psnr)])
    expect(grades).toEqual([...grades].sort())
  })

  it('keeps the digits of small errors', () => {
    expect(figure(1.94e-5)).toBe('1.9e-5')
    expect(figure(0.01234)).toBe('0.0123')
    expect(figure(0)).toBe('0')
  })

  it('changes units where people do', () => {
    expect(bytesText(999)).toBe('999 B')
    expect(bytesText(1500)).toBe('1.5 kB')
    expect(bytesText(25_000_000)).toBe('25 MB')
    expect(durationText(0.2)).toBe('< 1 s')
    expect(durationText(75)).toBe('75 s')
    expect(durationText(600)).toBe('10 min')
  })
})
