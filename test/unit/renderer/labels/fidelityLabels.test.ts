import { describe, expect, it } from 'vitest'
import { warnOfRoundTrip } from '#core/diffusion/roundTripForecast'
import { presetFor } from '#shared/presets'
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

  it('name what changed a picture besides the steps, in every grade (would catch "more steps" against fresh noise)', () => {
    const of = (psnr: number) => ({ psnr, mse: 10 ** (-psnr / 10), ssim: 0.9 })
    const { encode, decode } = presetFor('pixels', 'standard')
    for (const psnr of [20, 27, 33]) {
      const because = (reasons: Parameters<typeof describeFidelity>[1]) => describeFidelity(of(psnr), reasons)
      expect(because({ encode, decode: { ...decode, eta: 1 } })).toMatch(/fresh noise/)
      expect(because({ encode: { ...encode, loosen: { percent: 20, seed: 0 } }, decode })).toMatch(
        /loosening/,
      )
      const prompts = { prompt: 'a pear', sourcePrompt: 'an apple' }
      expect(because({ encode, decode, prompts })).toMatch(/the prompt changes the picture/)
      expect(because({ encode, decode: { ...decode, clip: true } })).toMatch(/clipping/)
      expect(because({ encode: { ...encode, conditioningTimestep: 'next' }, decode })).toMatch(
        /next timestep/,
      )
      expect(because({ encode, decode })).not.toMatch(/changes the picture/)
    }
  })

  it('do not recommend Exact to those who use it', () => {
    const { encode, decode } = presetFor('pixels', 'exact')
    const poor = describeFidelity(
      { psnr: 20, mse: 1e-2, ssim: 0.9 },
      { encode, decode: { ...decode, steps: 10 } },
    )
    expect(poor).toMatch(/same settings/)
    expect(poor).not.toMatch(/Exact/)
  })

  it('leave the remedy to the warning of the round trip, if there is one (would catch two of them, which may differ)', () => {
    const fidelity = { psnr: 20, mse: 1e-2, ssim: 0.9 }
    const { encode, decode } = presetFor('pixels', 'standard')
    const settings = { encode, decode }
    const remedy = /steps|preset|settings/i
    for (const forecast of [
      { mse: 1e-5, enoughSteps: null },
      { mse: 1e-2, enoughSteps: 120 },
    ]) {
      expect(warnOfRoundTrip({ forecast, fidelity, encode })).toMatch(remedy)
      const described = describeFidelity(fidelity, { ...settings, forecast })
      expect(described).toMatch(/^Poor: /)
      expect(described).not.toMatch(remedy)
    }
    expect(describeFidelity(fidelity, { ...settings, forecast: null })).toMatch(remedy)
  })

  it('never give a worse picture a better grade', () => {
    const order = { good: 2, fair: 1, poor: 0 }
    const grades = [10, 20, 25, 30, 35, 40, 50].map((psnr) => order[gradeOf(psnr)])
    expect(grades).toEqual([...grades].sort())
  })
})
