import { describe, expect, it } from 'vitest'
import { createGaussian } from '#core/random/gaussian'
import { flowMatching, variancePreserving, type NoiseLevel } from '#core/diffusion/noiseLevel'
import { isConclusive, inferPredictionType } from '#core/diffusion/predictionEvidence'
import { predictionTypes, type PredictionType } from '#core/diffusion/schedulerConfig'
import { createTensor, type Tensor } from '#core/diffusion/tensor'

const shape = [1, 1, 16, 16]
const grey = -0.8

/** A flat picture in noise, and the output of a network that recognises its mean, plus a little error. */
function observe(level: NoiseLevel, answerOf: (x0: number, epsilon: number) => number) {
  const [x0, epsilon, answer] = [createTensor(shape), createTensor(shape), createTensor(shape)]
  createGaussian(3).fill(epsilon.data)
  const error = createTensor(shape)
  createGaussian(4).fill(error.data)
  x0.data.fill(grey)
  answer.data.forEach((_, i) => {
    // An error in the picture implies one in the noise, because x = a x0 + s epsilon is fixed.
    const seenX0 = grey + 0.1 * error.data[i]
    const seenEpsilon = epsilon.data[i] - (level.signal / level.noise) * 0.1 * error.data[i]
    answer.data[i] = answerOf(seenX0, seenEpsilon)
  })
  return { level, x0, epsilon, answer } satisfies {
    answer: Tensor
    x0: Tensor
    epsilon: Tensor
    level: NoiseLevel
  }
}

/** Outputs of networks, by the definitions of Salimans & Ho 2022 and Lipman et al. 2023. */
const answers = (type: PredictionType, { signal: a, noise: s }: NoiseLevel) =>
  ({
    epsilon: (_: number, epsilon: number) => epsilon,
    v_prediction: (x0: number, epsilon: number) => a * epsilon - s * x0,
    flow_prediction: (x0: number, epsilon: number) => epsilon - x0,
    sample: (x0: number) => x0,
  })[type]

describe('inferPredictionType', () => {
  const levels = [variancePreserving(0.5), variancePreserving(0.1)]

  it.each(predictionTypes)(
    'recognises %s networks whatever type is configured (would catch two swapped targets)',
    (type) => {
      const observations = levels.map((level) => observe(level, answers(type, level)))
      for (const configured of predictionTypes) {
        const verdict = inferPredictionType(observations, configured)
        expect(verdict.predictionType).toBe(type)
        expect(isConclusive(verdict)).toBe(true)
      }
    },
  )

  it.each(['flow_prediction', 'epsilon', 'sample'] as const)(
    'recognises %s networks in flow matching',
    (type) => {
      const observations = [0.5, 0.75].map((noise) => {
        const level = flowMatching(noise)
        return observe(level, answers(type, level))
      })
      expect(inferPredictionType(observations, 'flow_prediction').predictionType).toBe(type)
    },
  )

  it('is inconclusive for outputs unrelated to the input (would catch a false warning)', () => {
    const noise = createTensor(shape)
    createGaussian(9).fill(noise.data)
    for (const scale of [0, 0.01, 1, 100]) {
      const observations = levels.map((level) => ({
        ...observe(level, () => 0),
        answer: { shape, data: noise.data.map((value) => scale * value) },
      }))
      expect(isConclusive(inferPredictionType(observations, 'epsilon'))).toBe(false)
    }
  })
})
