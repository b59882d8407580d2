import type { NoiseLevel } from './noiseLevel'
import { predictionTypes, type PredictionType } from './schedulerConfig'
import type { Tensor } from './tensor'

/** What a network answered to a state whose picture and noise are known: x = signal x0 + noise epsilon. All of one shape. */
export interface Observation {
  readonly level: NoiseLevel
  readonly x0: Tensor
  readonly epsilon: Tensor
  readonly answer: Tensor
}

/** Which prediction the answers of a network agree with. */
export interface PredictionVerdict {
  readonly predictionType: PredictionType
  /** How far the answers are from that prediction: 0 where they are equal, 1 where they have nothing to do with it. */
  readonly error: number
  /** How much better than any other prediction it fits the answers, 0 … 1. */
  readonly confidence: number
}

/** Above this error, or below this confidence, answers say nothing: weights are random, or the levels are others. */
const limits = { error: 0.3, confidence: 0.5 }

/** How much of the picture and of the noise each prediction holds: toEpsilon's equations, solved for the answer. */
const parts: Readonly<Record<PredictionType, (level: NoiseLevel) => readonly [x0: number, epsilon: number]>> =
  {
    epsilon: () => [0, 1],
    v_prediction: ({ signal, noise }) => [-noise, signal],
    flow_prediction: () => [-1, 1],
    sample: () => [1, 0],
  }

/**
 * Tells what a network predicts from its answers to states made of known pictures and known noise. A trained network
 * comes near what it was trained to answer wherever the picture is easily told from the noise, so flat pictures in about
 * as much noise, or in more, part the predictions best.
 *
 * @param configured  what the network is said to predict, which settles what else it could be: velocity means one thing
 *   in flow matching and another in variance preserving schedules
 */
export function judgePrediction(
  observations: readonly Observation[],
  configured: PredictionType,
): PredictionVerdict {
  const candidates: readonly PredictionType[] =
    configured === 'flow_prediction' ? ['epsilon', 'flow_prediction', 'sample'] : predictionTypes
  const [best, second] = candidates
    .map((predictionType) => ({ predictionType, error: meanError(observations, predictionType) }))
    .sort((a, b) => a.error - b.error)
  return { ...best, confidence: 1 - best.error / second.error }
}

/** Whether a verdict is one to go by. */
export function isConclusive({ error, confidence }: PredictionVerdict): boolean {
  return error <= limits.error && confidence >= limits.confidence
}

function meanError(observations: readonly Observation[], type: PredictionType): number {
  const sum = observations.reduce((total, observation) => total + errorOf(observation, type), 0)
  return sum / observations.length
}

/** |answer - target|² over |answer|² + |target|²: 0 for equals, 1 for strangers, 2 for opposites. */
function errorOf({ level, x0, epsilon, answer }: Observation, type: PredictionType): number {
  const [ofX0, ofEpsilon] = parts[type](level)
  let apart = 0
  let together = 0
  answer.data.forEach((value, i) => {
    const target = ofX0 * x0.data[i] + ofEpsilon * epsilon.data[i]
    apart += (value - target) ** 2
    together += value ** 2 + target ** 2
  })
  return together === 0 ? 1 : apart / together
}
