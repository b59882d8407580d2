import { expect, it } from 'vitest'
import { evenTimingLabel, progressLabel } from '../../../../src/renderer/labels/progressLabels'

it('counts whole steps, even when a step is partly done (would catch “step 9.95 of 41”)', () => {
  const progress = { phase: 'measure' as const, done: 9.95, total: 41, etaSeconds: null }
  expect(progressLabel(progress)).toBe('Measuring · step 9 of 41')
  expect(evenTimingLabel(progress)).toBe('Timing evenly · 24%')
})

it('shows even timing at 0% before the first progress report', () => {
  expect(evenTimingLabel(null)).toBe('Timing evenly · 0%')
})
