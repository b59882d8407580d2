import { expect, it } from 'vitest'
import { evaluationLimit } from '#engine/job/evaluationLimit'

it('limits a small network to 20 seconds (would catch a hung network that goes unnoticed for minutes)', () => {
  expect(evaluationLimit(7e6, null)).toBe(20)
})

it('allows a large network several minutes for its first evaluation, which includes loading', () => {
  expect(evaluationLimit(860e6, null)).toBeGreaterThan(300)
})

it('scales with the measured evaluation time, but never falls below 20 seconds', () => {
  expect(evaluationLimit(860e6, 5)).toBe(100)
  expect(evaluationLimit(860e6, 0.01)).toBe(20)
})
