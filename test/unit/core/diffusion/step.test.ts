import { describe, expect, it } from 'vitest'
import { cleanLevel, variancePreserving } from '#core/diffusion/noiseLevel'
import { stepCoefficients, stochasticityOfLast } from '#core/diffusion/step'

const noisy = variancePreserving(0.2)
const clearer = variancePreserving(0.6)

/** DDPM's posterior q(x_to | x_from, x0) as in Ho et al. 2020, eq. 7: another way to derive the same step. */
function ddpm(from: number, to: number) {
  const alpha = from / to
  const beta = 1 - alpha
  return {
    x0: (Math.sqrt(to) * beta) / (1 - from),
    x: (Math.sqrt(alpha) * (1 - to)) / (1 - from),
    variance: ((1 - to) / (1 - from)) * beta,
  }
}

/** Coefficients of x and x0 from those of x and epsilon, with epsilon = (x - sqrt(a) x0) / sqrt(1 - a). */
function inTermsOfX0({ x, epsilon }: { x: number; epsilon: number }, from: number) {
  return { x: x + epsilon / Math.sqrt(1 - from), x0: (-epsilon * Math.sqrt(from)) / Math.sqrt(1 - from) }
}

describe('stepCoefficients', () => {
  it('gives the DDPM posterior for eta 1 (would catch a wrong sigma in eq. 16)', () => {
    const step = stepCoefficients(noisy, clearer, { eta: 1, sigmaHat: false })
    const expected = ddpm(0.2, 0.6)
    const actual = inTermsOfX0(step, 0.2)
    expect(actual.x).toBeCloseTo(expected.x, 12)
    expect(actual.x0).toBeCloseTo(expected.x0, 12)
    expect(step.noise ** 2).toBeCloseTo(expected.variance, 12)
  })

  it('preserves the marginal for every eta: x_to has the right share of signal and of noise', () => {
    for (const eta of [0, 0.2, 0.7, 1]) {
      const step = stepCoefficients(noisy, clearer, { eta, sigmaHat: false })
      // x = sqrt(a) x0 + sqrt(1 - a) epsilon with x0, epsilon, z independent and of unit variance.
      const x0 = step.x * Math.sqrt(0.2)
      const epsilon = step.x * Math.sqrt(0.8) + step.epsilon
      expect(x0 ** 2).toBeCloseTo(0.6, 12)
      expect(epsilon ** 2 + step.noise ** 2).toBeCloseTo(0.4, 12)
    }
  })

  it('gives sigmaHat the mean of eta 1 and the noise sqrt(1 - aFrom / aTo) of appendix D.3', () => {
    const hat = stepCoefficients(noisy, clearer, { eta: 0, sigmaHat: true })
    const one = stepCoefficients(noisy, clearer, { eta: 1, sigmaHat: false })
    expect([hat.x, hat.epsilon]).toEqual([one.x, one.epsilon])
    expect(hat.noise).toBeCloseTo(Math.sqrt(2 / 3), 12)
  })

  it.each([
    { eta: 1, sigmaHat: false },
    { eta: 0, sigmaHat: true },
  ])('adds no noise to the clean picture: %o (would catch grainy last frames)', (stochasticity) => {
    expect(stepCoefficients(noisy, cleanLevel, stochasticityOfLast(stochasticity)).noise).toBe(0)
  })

  it('gives inverse coefficients for a noise-free step and its reverse, also from the clean picture', () => {
    for (const [from, to] of [
      [noisy, clearer],
      [cleanLevel, noisy],
    ]) {
      const there = stepCoefficients(from, to)
      const back = stepCoefficients(to, from)
      expect(there.x * back.x).toBeCloseTo(1, 12)
      expect(back.x * there.epsilon + back.epsilon).toBeCloseTo(0, 12)
    }
  })

  it('refuses to add noise in an encoding step', () => {
    expect(() => stepCoefficients(clearer, noisy, { eta: 0.5, sigmaHat: false })).toThrow('deterministic')
  })
})
