import { expect, it } from 'vitest'
import type { DeviceChoice } from '#shared/devices'
import { compareWithCpu, relativeDifference } from '../../../src/cli/compare'
import type { EngineCall } from '../../../src/cli/engineCall'
import type { PictureLatentOptions } from '../../../src/cli/options'
import { writeLatentFile } from '#engine/latent/latentFile'
import { sampleLatent, sampleReport } from '../engine/latent/sampleLatent'

it('is the largest difference, in standard deviations of the first (would catch a mean, or a scale of its own)', () => {
  // Mean 3, standard deviation 2.
  const reference = Float32Array.of(1, 5, 1, 5)
  expect(relativeDifference(reference, Float32Array.of(1, 5, 1, 4))).toBe(0.5)
  expect(relativeDifference(reference, reference)).toBe(0)
})

it('is NaN for NaN (would catch a maximum that passes it by)', () => {
  expect(relativeDifference(Float32Array.of(0, 1), Float32Array.of(0, NaN))).toBeNaN()
})

/** Compares where the engine has a card or none; tells what it was asked to compute on. */
async function compare(device: DeviceChoice, hasCard: boolean) {
  const asked: (DeviceChoice | undefined)[] = []
  const save: EngineCall = async (_, input) => {
    const { model, path } = input as { model: { device: DeviceChoice }; path: string }
    asked.push(model.device)
    const provider = model.device === 'cpu' || !hasCard ? 'cpu' : 'cuda'
    const whole = { parts: 1, askedPrecision: 'fp32', precision: 'fp32', reason: null } as const
    const compute = { ...sampleReport.compute!, ...whole, asked: model.device, provider } as const
    await writeLatentFile(path, sampleLatent(), sampleReport, { overwrite: false })
    return { ...sampleReport, compute } as never
  }
  const options = { model: 'm', threads: 0, device, precision: 'fp32', steps: 2 } as PictureLatentOptions
  const installation = { root: '/', engineEntry: '', probeEntry: '' }
  const result = await compareWithCpu(save, installation, ['a.png'], options).catch((error: unknown) => error)
  return { asked, result }
}

it.each(['cpu', 'auto'] as const)(
  'refuses to compare the CPU with itself where --device is %s (would catch a difference of 0 taken for proof)',
  async (device) => {
    const { asked, result } = await compare(device, device === 'cpu')
    expect(result).toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/nothing to compare.*name another device/),
    })
    expect(asked).toEqual([device])
  },
)

it('compares a card with the CPU (would catch the CPU refused as what the card is compared with)', async () => {
  const { asked, result } = await compare('cuda', true)
  expect(asked).toEqual(['cuda', 'cpu'])
  expect(result).toMatchObject({ pictures: 1, differences: [0], device: { compute: { provider: 'cuda' } } })
})
