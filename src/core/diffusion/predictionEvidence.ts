import { meanOf } from '../numbers/mean'
import type { NoiseLevel } from './noiseLevel'
import { predictionTypes, type PredictionType } from './schedulerConfig'
import type { Tensor } from './tensor'

/**
 * A network's output for a state whose picture and noise are known: x = signal x0 + noise epsilon. All
 * tensors have one shape.
 */
export interface Observation {
  readonly level: NoiseLevel
  readonly x0: Tensor
  readonly epsilon: Tensor
  readonly answer: Tensor
}

/** The prediction type that best fits the outputs of a network. */
export interface PredictionVerdict {
  readonly predictionType: PredictionType
  /** How far the outputs are from that prediction: 0 if they are equal, 1 if they are unrelated to it. */
  readonly error: number
  /** How much better it fits the outputs than any other prediction type, 0 … 1. */
  readonly confidence: number
}

/**
 * Above this error or below this confidence, outputs prove nothing: the weights are random, or the noise
 * levels are not the right ones.
 */
const limits = { error: 0.3, confidence: 0.5 }

/** The coefficients of x0 and epsilon in each prediction: toEpsilon's equations, solved for the output. */
const parts: Readonly<Record<PredictionType, (level: NoiseLevel) => readonly [x0: number, epsilon: number]>> =
  {
    epsilon: () => [0, 1],
    v_prediction: ({ signal, noise }) => [-noise, signal],
    flow_prediction: () => [-1, 1],
    sample: () => [1, 0],
  }

/**
 * Determines what a network predicts from its outputs for states made of known pictures and known noise. A
 * trained network comes close to its training target wherever picture and noise are easy to tell apart, so
 * flat pictures with about as much noise, or more, separate the prediction types best.
 *
 * @param configured  what the configuration says the network predicts, which limits the alternatives:
 *   velocity means one thing in flow matching and another in variance preserving schedules
 */
export function inferPredictionType(
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

/** Returns whether a verdict can be relied on. */
export function isConclusive({ error, confidence }: PredictionVerdict): boolean {
  return error <= limits.error && confidence >= limits.confidence
}

function meanError(observations: readonly Observation[], type: PredictionType): number {
  return meanOf(observations.map((observation) => errorOf(observation, type)))
}

/** Returns |answer - target|² over |answer|² + |target|²: 0 if equal, 1 if unrelated, 2 if opposite. */
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
