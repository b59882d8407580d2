import { describe, expect, it } from 'vitest'
import { requireSameModel } from '#engine/latent/requireSameModel'
import { sampleLatent, sampleReport } from './sampleLatent'

const model = {
  id: 'fruits-64',
  sha256: sampleReport.modelSha256,
  scheduleHash: sampleReport.scheduleHash,
  state: { channels: 2, height: 2, width: 3 },
  numTrainTimesteps: 1000,
}
const check =
  (change: Partial<typeof model>, report: typeof sampleReport | null = sampleReport) =>
  () =>
    requireSameModel(report, sampleLatent(), { ...model, ...change }, 'a.safetensors')
const mismatch = (...words: RegExp[]) =>
  expect.objectContaining({
    code: 'MODEL_MISMATCH',
    message: expect.stringMatching(new RegExp(words.map((word) => word.source).join('.*'))),
  })

describe('requireSameModel', () => {
  it('accepts a latent of this model, and a latent without a report whose shape fits', () => {
    expect(check({})).not.toThrow()
    expect(check({}, null)).not.toThrow()
  })

  it('rejects a latent of another model and names both models', () => {
    expect(check({ id: 'faces-64', sha256: 'd4'.repeat(32) })).toThrow(
      mismatch(/a\.safetensors/, /faces-64/, /fruits-64/),
    )
  })

  it('distinguishes models of the same name by their hashes (would catch a comparison of names)', () => {
    expect(check({ sha256: 'd4'.repeat(32) })).toThrow(mismatch(/a1a1a1a1, not d4d4d4d4/))
  })

  it('rejects another noise schedule', () => {
    expect(check({ scheduleHash: 'e5'.repeat(32) })).toThrow(mismatch(/noise schedule/))
  })

  it('rejects another shape, with and without a report (would catch swapped height and width)', () => {
    expect(check({ state: { channels: 2, height: 3, width: 2 } })).toThrow(
      mismatch(/\[1, 2, 2, 3\], not \[1, 2, 3, 2\]/),
    )
    expect(check({ state: { channels: 3, height: 2, width: 3 } }, null)).toThrow(
      mismatch(/fruits-64/, /not \[1, 3, 2, 3\]/),
    )
  })

  it('says how to save a latent whose channels come last (would catch advice to open another model)', () => {
    expect(check({ state: { channels: 3, height: 2, width: 2 } }, null)).toThrow(
      mismatch(/\[1, 2, 2, 3\], with the channels last, not \[1, 3, 2, 2\]: save np\.moveaxis\(x, -1, -3\)/),
    )
  })

  it('rejects a timestep that the model does not have', () => {
    expect(check({ numTrainTimesteps: 999 })).toThrow(mismatch(/timestep 999/))
  })
})
