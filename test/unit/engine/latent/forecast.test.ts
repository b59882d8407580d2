import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { createLatentCache } from '#engine/latent/latentCache'
import { withRoundTrip } from '#engine/latent/reportLatent'
import { resolveLatent, resolveMeasuredLatent } from '#engine/latent/resolveLatent'
import { latentSource } from '#shared/latentSource'
import { decodeSettings } from '#shared/settings'
import { tinyModel } from '../../../fixtures/cli'
import { jobOn } from '../../../fixtures/job'
import { sampleReport } from './sampleLatent'

/** The forecast in the report of a picture. */
async function forecastOf({ restandardise = false, encode = {}, decode = {} }) {
  const source = latentSource.parse({
    kind: 'picture',
    picture: { path: resolve('resources/samples/apple-red-yellow.webp') },
    encode: { solver: 'blended2m', steps: 10, ...encode },
    restandardise,
  })
  const job = await jobOn(tinyModel)
  const settings = decodeSettings.parse({ solver: 'blended2m', steps: 10, ...decode })
  return (await resolveMeasuredLatent(createLatentCache(), job, source, settings)).report.forecast
}

it('is told of a latent as it was encoded and of the same steps back', async () => {
  expect(await forecastOf({})).toMatchObject({ mse: expect.any(Number) as number })
})

it.each([
  ['a repaired latent', { restandardise: true }],
  ['decoding with noise', { decode: { solver: 'ddim', eta: 0.5 } }],
  ['decoding with the larger noise', { decode: { solver: 'ddim', sigmaHat: true } }],
  ['decoding in other steps', { decode: { steps: 5 } }],
  ['decoding that clips', { decode: { clip: true } }],
  ['encoding with the next timestep', { encode: { conditioningTimestep: 'next' } }],
  ['decoding by another solver', { decode: { solver: 'ddim' } }],
])(
  'is not told of %s (would catch "60 steps should hold 40 dB", which no number does)',
  async (_what, how) => {
    expect(await forecastOf(how)).toBeNull()
  },
)

it('is not told where it is already known before decoding that something else than steps changes the picture', async () => {
  const forecastAt = async (encode: object) => {
    const source = latentSource.parse({
      kind: 'picture',
      picture: { path: resolve('resources/samples/apple-red-yellow.webp') },
      encode: { solver: 'blended2m', steps: 10, ...encode },
    })
    return (await resolveLatent(createLatentCache(), await jobOn(tinyModel), source, null)).report.forecast
  }
  expect(await forecastAt({})).not.toBeNull()
  expect(await forecastAt({ conditioningTimestep: 'next' })).toBeNull()
})

it('is not told of a picture that its prompt changes (would catch "choose the Exact preset" of an edit)', () => {
  const report = { ...sampleReport, prompts: { prompt: 'an apple', sourcePrompt: 'an apple' } }
  const decode = decodeSettings.parse({ ...report.encode })
  expect(withRoundTrip(report, report, decode).forecast).toEqual(report.forecast)
  const edited = { ...report, prompts: { prompt: 'a pear', sourcePrompt: 'an apple' } }
  expect(withRoundTrip(edited, edited, decode).forecast).toBeNull()
})
