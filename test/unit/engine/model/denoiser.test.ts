import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { concatenate, createTensor, itemOf, type Tensor } from '#core/diffusion/tensor'
import type { Model } from '#engine/model/denoiser/model'
import { openModel } from '#engine/model/denoiser/openModel'
import { ModelCopy } from '../../../fixtures/modelCopy'
import { largestDifference, readGolden } from '../../../golden/goldenUnet'

let copy: ModelCopy
let sample: Tensor
let recorded: Tensor
let model: Model
beforeEach(async () => {
  copy = await ModelCopy.of('gray-no-mid-attention')
  const golden = await readGolden(copy.folder)
  sample = golden.sample
  recorded = golden.epsilons.get(500)!
  model = await openModel({ path: copy.folder, threads: 1 })
})
afterEach(async () => {
  await model.close()
  await copy.remove()
})

describe('the denoiser', () => {
  it('evaluates each item independently of the others (would catch items that leak into each other)', async () => {
    const batch = concatenate([sample, sample, itemOf(sample, 1)])
    const { data, shape } = await model.denoiser.predict(batch, 500)
    expect(shape).toEqual([5, 1, 16, 16])
    const expected = concatenate([recorded, recorded, itemOf(recorded, 1)])
    expect(largestDifference(data, expected.data)).toBeLessThan(1e-4)
  })

  it('gives correct results for batches of many sizes at the same time', async () => {
    const single = itemOf(sample, 0)
    const sizes = [1, 2, 3, 4, 5, 1]
    const answers = await Promise.all(
      sizes.map((size) => model.denoiser.predict(concatenate(Array<Tensor>(size).fill(single)), 500)),
    )
    for (const answer of answers) {
      const last = itemOf(answer, answer.shape[0] - 1)
      expect(largestDifference(last.data, itemOf(recorded, 0).data)).toBeLessThan(1e-4)
    }
  })

  it('gives the same bytes on every evaluation', async () => {
    const first = await model.denoiser.predict(sample, 500)
    const again = await model.denoiser.predict(sample, 500, { out: createTensor(sample.shape) })
    expect(again.data).toEqual(first.data)
  })
})

describe('the output of the network', () => {
  /** alphasCumprod at 500 by its definition, from the golden's scheduler: linear betas, 1e-4 to 0.02. */
  const alphaBar = Array.from({ length: 501 }, (_, t) => 1 - (1e-4 + (0.02 - 1e-4) * (t / 999))).reduce(
    (product, alpha) => product * alpha,
  )
  const [a, s] = [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar)]

  it.each([
    ['v_prediction', (output: number, x: number) => a * output + s * x],
    ['sample', (output: number, x: number) => (x - a * output) / s],
  ])(
    'is converted from %s to epsilon (would catch a picture mistaken for noise)',
    async (type, toEpsilon) => {
      await copy.changeJson('scheduler/scheduler_config.json', { prediction_type: type })
      const converted = await openModel({ path: copy.folder, threads: 1 })
      const { data } = await converted.denoiser.predict(sample, 500, { out: createTensor(sample.shape) })
      const expected = recorded.data.map((output, i) => toEpsilon(output, sample.data[i]))
      expect(largestDifference(data, expected)).toBeLessThan(1e-3)
      await converted.close()
    },
  )
})

describe('the input of the denoiser', () => {
  it('is left unchanged (would catch a network that overwrites its input)', async () => {
    const before = sample.data.slice()
    await model.denoiser.predict(sample, 37)
    expect(sample.data).toEqual(before)
  })

  it('must have the model’s shape and a timestep within its schedule', async () => {
    await expect(model.denoiser.predict(createTensor([1, 3, 16, 16]), 0)).rejects.toThrow(
      /takes batches of \[1, 16, 16\]/,
    )
    for (const timestep of [-1, -0.5, 999.5, 1000, NaN]) {
      await expect(model.denoiser.predict(sample, timestep)).rejects.toThrow(RangeError)
    }
  })

  it('is named as the cause instead of the weights if it is not finite', async () => {
    const broken = createTensor(sample.shape, sample.data.slice().fill(NaN, 3, 4))
    await expect(model.denoiser.predict(broken, 5)).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringContaining('state it was given'),
    })
  })

  it('is named as the cause, with its size, instead of weights and device if it is absurdly large', async () => {
    // Above a tenth of float32's largest value, so that the first layer overflows.
    const huge = createTensor(sample.shape, sample.data.slice().fill(1e38))
    await expect(model.denoiser.predict(huge, 5)).rejects.toMatchObject({
      code: 'NOT_FINITE',
      message: expect.stringMatching(
        /returned NaN or infinity at timestep 5: the state it was given .*1\.0e38, where about 1 is expected/,
      ),
    })
  })
})
