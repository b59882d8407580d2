import { expect, it } from 'vitest'
import { describeLatent } from '../../../src/cli/output'
import { sampleReport } from '../engine/latent/sampleLatent'

it('describes in the window’s words how a latent will mix (would catch statistics without an explanation)', () => {
  const advice = { level: 'poor', sentence: 'Much too smooth: expect soft in-betweens.' } as const
  expect(describeLatent({ ...sampleReport, advice })).toMatch(
    /std 1\.010.*\. Much too smooth: expect soft in-betweens\.$/,
  )
})
