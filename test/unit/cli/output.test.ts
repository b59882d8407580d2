import { expect, it } from 'vitest'
import { describeLatent } from '../../../src/cli/output'
import { sampleReport } from '../engine/latent/sampleLatent'

it('says in the window’s words how a latent will mix (would catch statistics that nobody is told the meaning of)', () => {
  const advice = { level: 'poor', sentence: 'Much too smooth: expect soft in-betweens.' } as const
  expect(describeLatent({ ...sampleReport, advice })).toMatch(
    /std 1\.010.*\. Much too smooth: expect soft in-betweens\.$/,
  )
})
