import { expect, it } from 'vitest'
import { evaluationLimit } from '#engine/job/evaluationLimit'

it('gives a small network that hangs up after 20 seconds (would catch minutes of silence)', () => {
  expect(evaluationLimit(7e6, null)).toBe(20)
})

it('gives a large network the minutes that loading it may take', () => {
  expect(evaluationLimit(860e6, null)).toBeGreaterThan(300)
})

it('follows the pace that was measured, but not below 20 seconds', () => {
  expect(evaluationLimit(860e6, 5)).toBe(100)
  expect(evaluationLimit(860e6, 0.01)).toBe(20)
})
