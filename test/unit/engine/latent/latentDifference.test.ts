import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Latent } from '#core/diffusion/latent'
import { createTensor } from '#core/diffusion/tensor'
import { differenceOf, latentDifference, largestDifferenceInStd } from '#engine/latent/latentDifference'
import { writeLatentFile } from '#engine/latent/latentFile'
import { newFolder } from '../../../fixtures/cli'
import { sampleLatent, samplePair, sampleReport } from './sampleLatent'

describe('the difference of two latents', () => {
  it('is the largest difference in standard deviations of the first (would catch a mean difference or another scale)', () => {
    // Mean 3, standard deviation 2.
    const reference = Float32Array.of(1, 5, 1, 5)
    expect(largestDifferenceInStd(reference, Float32Array.of(1, 5, 1, 4))).toBe(0.5)
    expect(largestDifferenceInStd(reference, reference)).toBe(0)
  })

  it('is NaN if a value is NaN (would catch a maximum that skips NaN)', () => {
    expect(largestDifferenceInStd(Float32Array.of(0, 1), Float32Array.of(0, NaN))).toBeNaN()
  })

  it('is 0 for a latent file and itself', async () => {
    const path = join(newFolder(), 'a.safetensors')
    await writeLatentFile(path, sampleLatent(), sampleReport, { overwrite: false })
    expect(await latentDifference(path, path)).toBe(0)
  })

  it('counts the previous state of a leapfrog pair (would catch two pairs that part ways in it)', async () => {
    const folder = newFolder()
    const paths = ['a', 'b'].map((name) => join(folder, `${name}.safetensors`))
    const x = createTensor([1, 1, 2, 2], Float32Array.of(1, 5, 1, 5))
    const pairOf = (last: number): Latent => ({
      x,
      timestep: 900,
      previousState: { x: createTensor(x.shape, Float32Array.of(0, 4, 0, last)), timestep: 800 },
    })
    await writeLatentFile(paths[0], pairOf(4), sampleReport, { overwrite: false })
    await writeLatentFile(paths[1], pairOf(104), sampleReport, { overwrite: false })
    // 100 off, and the standard deviation is 2.
    expect(await latentDifference(paths[0], paths[1])).toBe(50)
    expect(differenceOf(pairOf(4), pairOf(4))).toBe(0)
  })

  it('is infinite if only one of them is a leapfrog pair (would catch two that decode differently called identical)', () => {
    expect(differenceOf(samplePair(), sampleLatent())).toBe(Infinity)
    expect(differenceOf(sampleLatent(), samplePair())).toBe(Infinity)
  })

  it('of two models is refused with what to do instead', async () => {
    const folder = newFolder()
    const [one, other] = ['a', 'b'].map((name) => join(folder, `${name}.safetensors`))
    const { x, timestep } = sampleLatent()
    await writeLatentFile(one, { x, timestep }, sampleReport, { overwrite: false })
    const [, channels, height, width] = x.shape
    const turned = { ...x, shape: [1, channels, height * width, 1] } as const
    await writeLatentFile(other, { x: turned, timestep }, sampleReport, { overwrite: false })
    await expect(latentDifference(one, other)).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      message: expect.stringContaining('of different shapes: choose two of the same model'),
    })
  })
})
