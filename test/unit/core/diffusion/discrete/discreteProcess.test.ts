import { describe, expect, it } from 'vitest'
import { createKeyedUniform } from '#core/random/gaussian'
import {
  addDiscreteNoise,
  discreteStep,
  evenAlphas,
  reverseDiscrete,
  stepProbability,
} from '#core/diffusion/discrete/discreteProcess'
import { mixturePosterior, posteriorWeights } from '#core/diffusion/discrete/mixturePosterior'
import { largestSigma, reverseRules, weightsOfSigma } from '#core/diffusion/discrete/reverseRule'

const draws = 100_000

/** Pearson's chi-square statistic of counts against probabilities; cells of probability 0 must be empty. */
function chiSquare(counts: readonly number[], probabilities: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.reduce((sum, count, k) => {
    const expected = total * probabilities[k]
    if (expected === 0) return count === 0 ? sum : Infinity
    return sum + (count - expected) ** 2 / expected
  }, 0)
}

/** Upper 1e-6 quantiles of chi-square, by degrees of freedom (SciPy: chi2.isf(1e-6, df)). */
const limits: Record<number, number> = { 1: 23.928, 2: 27.631, 3: 30.665, 4: 33.377, 7: 40.522 }

function countColours(x: Uint8Array, classes: number): number[] {
  const counts = Array<number>(classes).fill(0)
  for (const colour of x) counts[colour]++
  return counts
}

/** f for a known picture: all the probability is on its colours. */
function certain(x0: Uint8Array, classes: number): Float64Array {
  const prediction = new Float64Array(x0.length * classes)
  x0.forEach((colour, pixel) => (prediction[pixel * classes + colour] = 1))
  return prediction
}

const marginal = (alpha: number, classes: number, clean: number) =>
  Array.from({ length: classes }, (_, k) => (k === clean ? alpha : 0) + (1 - alpha) / classes)

describe('the forward process of appendix A', () => {
  it.each([
    [0, 4],
    [0.3, 2],
    [0.3, 5],
    [0.9, 8],
    [1, 3],
  ])('has the marginal Cat(a x_0 + (1 - a) / K) at alpha %f for K = %i', (alpha, classes) => {
    const x0 = new Uint8Array(draws).fill(1)
    const counts = countColours(
      addDiscreteNoise(x0, { alpha, classes }, createKeyedUniform([1, classes])),
      classes,
    )
    expect(chiSquare(counts, marginal(alpha, classes, 1))).toBeLessThan(limits[classes - 1])
  })
})

describe.each(reverseRules)('the reverse step ($title)', (rule) => {
  it.each([
    ['every alpha of ten', evenAlphas(10)],
    ['a sub-sequence', [0, 0.1, 0.7, 1]],
    ['one step', [0, 1]],
  ])(
    'preserves the marginal at every t for a known x_0: %s (would catch a sigma that changes q(x_t | x_0))',
    (_, alphas) => {
      const classes = 4
      const x0 = new Uint8Array(draws).fill(2)
      const uniform = createKeyedUniform([7, alphas.length])
      const xT = addDiscreteNoise(x0, { alpha: 0, classes }, uniform)
      const prediction = certain(x0, classes)
      const states = reverseDiscrete(xT, { alphas, classes, rule, predict: () => prediction }, uniform)
      let i = 0
      for (const x of states) {
        const alpha = alphas[++i]
        expect(chiSquare(countColours(x, classes), marginal(alpha, classes, 2))).toBeLessThan(limits[3])
      }
      expect(i).toBe(alphas.length - 1)
    },
  )

  it('is a probability distribution for every current colour', () => {
    const prediction = Float64Array.of(0.5, 0.2, 0.3, 0)
    for (const [from, to] of [
      [0, 0.5],
      [0.2, 0.21],
      [0.9, 1],
    ]) {
      const weights = rule.weights({ from, to }, 4)
      for (const colour of [0, 1, 2, 3]) {
        const row = [0, 1, 2, 3].map((k) => stepProbability(weights, prediction, colour, k))
        expect(Math.min(...row)).toBeGreaterThanOrEqual(0)
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
      }
    }
  })

  it('samples from a mixture when given its exact posterior', () => {
    // One pixel, so that drawing pixels independently loses nothing: p(x_0) is 2/3 colour 0, 1/3 colour 2.
    const classes = 3
    const pictures = [Uint8Array.of(0), Uint8Array.of(0), Uint8Array.of(2)]
    const posterior = mixturePosterior(pictures, classes)
    const uniform = createKeyedUniform([11])
    const counts = [0, 0, 0]
    for (let i = 0; i < 20_000; i++) {
      const xT = Uint8Array.of(Math.floor(uniform() * classes))
      let last: Uint8Array = xT
      const run = { alphas: [0, 0.4, 0.8, 1], classes, rule, predict: posterior }
      for (const x of reverseDiscrete(xT, run, uniform)) last = x
      counts[last[0]]++
    }
    expect(counts[1]).toBe(0)
    expect(chiSquare([counts[0], counts[2]], [2 / 3, 1 / 3])).toBeLessThan(limits[1])
  })
})

describe('the reverse step for K = 2', () => {
  /**
   * Bits as spins of ±1: E[x_to | x_from, x_0] = s x_from + (aTo - s aFrom) x_0, by hand from the paper's
   * mixture.
   */
  it.each([0, 0.25, 0.5])('matches the spin formula at sigma %f', (sigma) => {
    const [from, to] = [0.3, 0.6]
    const weights = weightsOfSigma({ from, to }, sigma)
    for (const current of [0, 1]) {
      for (const clean of [0, 1]) {
        const spin = sigma * (2 * current - 1) + (to - sigma * from) * (2 * clean - 1)
        const prediction = certain(Uint8Array.of(clean), 2)
        const one = stepProbability({ equal: weights, different: weights }, prediction, current, 1)
        expect(one).toBeCloseTo((1 + spin) / 2, 14)
      }
    }
  })

  it('is Markovian at sigma = b (1 - aTo²) / (1 - aFrom²), as for Gaussians', () => {
    const markovian = reverseRules.find(({ id }) => id === 'markovian')!
    const [from, to] = [0.25, 0.5]
    const sigma = ((from / to) * (1 - to ** 2)) / (1 - from ** 2)
    const weights = weightsOfSigma({ from, to }, sigma)
    for (const clean of [0, 1]) {
      const prediction = certain(Uint8Array.of(clean), 2)
      for (const current of [0, 1]) {
        const own = stepProbability(markovian.weights({ from, to }, 2), prediction, current, 1)
        expect(own).toBeCloseTo(
          stepProbability({ equal: weights, different: weights }, prediction, current, 1),
          14,
        )
      }
    }
  })
})

describe('the Markovian rule', () => {
  it('equals the posterior of the chain by Bayes’ rule, enumerated for K = 5', () => {
    const classes = 5
    const [from, to] = [0.35, 0.6]
    const kept = from / to
    const chain = (later: number, earlier: number) => (later === earlier ? kept : 0) + (1 - kept) / classes
    const weights = reverseRules.find(({ id }) => id === 'markovian')!.weights({ from, to }, classes)
    for (const clean of [0, 3]) {
      for (const current of [0, 3, 4]) {
        const joint = Array.from(
          { length: classes },
          (_, k) => chain(current, k) * marginal(to, classes, clean)[k],
        )
        const total = joint.reduce((a, b) => a + b)
        for (let k = 0; k < classes; k++) {
          const own = stepProbability(weights, certain(Uint8Array.of(clean), classes), current, k)
          expect(own).toBeCloseTo(joint[k] / total, 14)
        }
      }
    }
  })
})

describe('the least random rule', () => {
  it('draws only the colours of x_t and x_0', () => {
    const x = Uint8Array.from({ length: 1000 }, (_, i) => i % 2)
    const x0 = new Uint8Array(1000).fill(3)
    const step = { from: 0.2, to: 0.5, classes: 6, rule: reverseRules[0] }
    const next = discreteStep(x, certain(x0, 6), step, createKeyedUniform([3]))
    expect(next.every((colour, i) => colour === x[i] || colour === 3)).toBe(true)
  })

  it('refuses a sigma above the largest or below 0', () => {
    const alphas = { from: 0.2, to: 0.5 }
    expect(() => weightsOfSigma(alphas, largestSigma(alphas) + 1e-9)).toThrow(RangeError)
    expect(() => weightsOfSigma(alphas, -1e-9)).toThrow(RangeError)
  })
})

describe('the exact posterior of a mixture', () => {
  it('follows Bayes’ rule over whole pictures', () => {
    const [alpha, classes] = [0.4, 3]
    const pictures = [Uint8Array.of(0, 1), Uint8Array.of(0, 2), Uint8Array.of(1, 1)]
    const x = Uint8Array.of(0, 1)
    const likelihood = (picture: Uint8Array) =>
      picture.reduce((product, colour, i) => product * marginal(alpha, classes, colour)[x[i]], 1)
    const total = pictures.reduce((sum, picture) => sum + likelihood(picture), 0)
    const weights = posteriorWeights(pictures, x, { alpha, classes })
    expect(weights).toHaveLength(pictures.length)
    for (const [m, weight] of weights.entries()) {
      expect(weight).toBeCloseTo(likelihood(pictures[m]) / total, 14)
    }
  })

  it('is finite at both ends: uniform in pure noise, certain at the clean picture', () => {
    const pictures = [new Uint8Array(500).fill(1), new Uint8Array(500).fill(2)]
    expect(posteriorWeights(pictures, pictures[1], { alpha: 0, classes: 4 })).toEqual([0.5, 0.5])
    expect(posteriorWeights(pictures, pictures[1], { alpha: 1, classes: 4 })).toEqual([0, 1])
  })
})
