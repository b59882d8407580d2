import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createTensor } from '#core/diffusion/tensor'
import { openModel } from '#engine/model/denoiser/openModel'
import { inHalfPrecision, largestDifference, readGolden, timesteps } from './goldenUnet'

/**
 * Tiny networks with random weights; outputs recorded from diffusers with torch 2.13, float32. Those of
 * `learned-variance`, made by record.py, are the first three of six channels.
 */
const root = fileURLToPath(new URL('fixtures/unet/', import.meta.url))

describe.each([
  'cifar-like',
  'gray-no-mid-attention',
  'learned-variance',
  'one-layer',
  'resnet-sampling-scale-shift',
  'tutorial-like',
])('the golden U-Net %s', (name) => {
  it('matches diffusers’ predictions at every timestep (would catch any wrong layer, order or name)', async () => {
    const { sample, epsilons } = await readGolden(`${root}${name}`)
    const model = await openModel({ path: `${root}${name}`, threads: 2 })
    const out = createTensor(sample.shape)
    for (const timestep of timesteps) {
      const epsilon = await model.denoiser.predict(sample, timestep, { out })
      expect(epsilon).toBe(out)
      expect(largestDifference(epsilon.data, epsilons.get(timestep)!.data)).toBeLessThan(1e-4)
    }
    await model.close()
  })

  it('matches diffusers in half precision, within its 10 bits (would catch values that overflow, or a missing cast)', async () => {
    const { sample, epsilons } = await readGolden(`${root}${name}`)
    const model = await openModel({ path: `${root}${name}`, threads: 2, placement: inHalfPrecision })
    for (const timestep of timesteps) {
      const difference = largestDifference(
        (await model.denoiser.predict(sample, timestep)).data,
        epsilons.get(timestep)!.data,
      )
      expect(difference).toBeLessThan(1e-2)
      // Exact agreement would mean that nothing was rounded.
      expect(difference).toBeGreaterThan(1e-4)
    }
    await model.close()
  })
})
