import { describe, expect, it } from 'vitest'
import {
  alphaBarOf,
  cleanLevel,
  flowMatching,
  lambdaOf,
  sigmaOf,
  variancePreserving,
} from '#core/diffusion/noiseLevel'
import { varianceExploding } from './closedForm'

describe('sigma and lambda', () => {
  it.each([
    ['variance preserving', variancePreserving(0.8), 0.5],
    ['flow matching', flowMatching(0.25), 1 / 3],
    ['variance exploding', varianceExploding(80), 80],
  ])('are noise / signal and -log(noise / signal) for %s levels', (_, level, sigma) => {
    expect(sigmaOf(level)).toBeCloseTo(sigma, 12)
    expect(lambdaOf(level)).toBeCloseTo(-Math.log(sigma), 12)
  })

  it('are 0 or infinite, never NaN, where signal or noise is 0', () => {
    expect([sigmaOf(cleanLevel), lambdaOf(cleanLevel)]).toEqual([0, Infinity])
    expect([sigmaOf(flowMatching(1)), lambdaOf(flowMatching(1))]).toEqual([Infinity, -Infinity])
  })
})

describe('alphaBarOf', () => {
  it('returns exactly the float32 value from which a level was created (would catch a changed schedule hash)', () => {
    // From the clean to the noisiest end of a cosine schedule.
    for (let exponent = 0; exponent < 29; exponent += 0.001) {
      const alphaBar = Math.fround(2 ** -exponent)
      expect(alphaBarOf(variancePreserving(alphaBar))).toBe(alphaBar)
      const nearlyClean = Math.fround(1 - 2 ** -exponent)
      expect(alphaBarOf(variancePreserving(nearlyClean))).toBe(nearlyClean)
    }
  })

  it('is 0.5 at sigma 1 for flow matching and variance exploding levels too', () => {
    expect(alphaBarOf(flowMatching(0.5))).toBe(0.5)
    expect(alphaBarOf(varianceExploding(1))).toBe(0.5)
  })
})
