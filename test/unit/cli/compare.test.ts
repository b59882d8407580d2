import { expect, it } from 'vitest'
import { relativeDifference } from '../../../src/main/cli/compare'

it('is the largest difference, in standard deviations of the first (would catch a mean, or a scale of its own)', () => {
  // Mean 3, standard deviation 2.
  const reference = Float32Array.of(1, 5, 1, 5)
  expect(relativeDifference(reference, Float32Array.of(1, 5, 1, 4))).toBe(0.5)
  expect(relativeDifference(reference, reference)).toBe(0)
})

it('is NaN for NaN (would catch a maximum that passes it by)', () => {
  expect(relativeDifference(Float32Array.of(0, 1), Float32Array.of(0, NaN))).toBeNaN()
})
