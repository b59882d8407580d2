import { expect, it } from 'vitest'
import { describeLatent } from '../../../src/cli/output'
import { sampleReport } from '../engine/latent/sampleLatent'

it('describes in the window’s words how a latent will mix (would catch statistics without an explanation)', () => {
  const advice = {
    level: 'poor',
    sentence: 'Much too smooth: expect soft in-betweens.',
    isNoise: true,
  } as const
  expect(describeLatent({ ...sampleReport, advice })).toMatch(
    /std 1\.010.*\. Much too smooth: expect soft in-betweens\.$/,
  )
})

it.each([
  [{ seed: 5, source: null }, 'moved from seed 5: '],
  [{ seed: null, source: { name: 'apple.webp', sha256: 'aa' } }, 'moved from apple.webp: '],
  [{ seed: null, source: null }, 'moved from another latent: '],
  [undefined, 'latent file: '],
])(
  'names a latent by what it was moved from (would catch a walk of "latent files"): %j',
  (movedFrom, name) => {
    const report = { ...sampleReport, source: null, seed: null, fidelity: null, movedFrom }
    expect(describeLatent(report).startsWith(name)).toBe(true)
  },
)
