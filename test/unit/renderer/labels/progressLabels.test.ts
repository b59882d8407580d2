import { expect, it } from 'vitest'
import { evenTimingLabel, progressLabel } from '../../../../src/renderer/labels/progressLabels'

it('counts whole steps, also where a part is half done (would catch “step 9.95 of 41”)', () => {
  const progress = { phase: 'measure' as const, done: 9.95, total: 41, etaSeconds: null }
  expect(progressLabel(progress)).toBe('Measuring · step 9 of 41')
  expect(evenTimingLabel(progress)).toBe('Timing evenly · 24%')
})

it('says of even timing how far it is before the first sign of life', () => {
  expect(evenTimingLabel(null)).toBe('Timing evenly · 0%')
})
