import { DomainError } from '../../DomainError'
import type { ReverseRule, ReverseWeights } from './reverseRule'

/**
 * A state of the process of the paper's appendix A on pictures of K colours: the colour index of each pixel,
 * 0 … K-1. Its alpha is the share of pixels that still show the picture, from 1 (the picture) to 0 (noise).
 */
export type DiscreteState = Uint8Array

/** A source of uniform draws from (0, 1). */
export type Uniform = () => number

/**
 * f(x_t, t): the probability of each colour at each pixel of the clean picture, [pixels, K], row-major.
 *
 * @param alpha  of the state
 */
export type PredictColours = (x: DiscreteState, alpha: number) => Float64Array

/**
 * Draws x_t from q(x_t | x_0) = Cat(alpha x_0 + (1 - alpha) / K): a pixel keeps its colour with probability
 * alpha, and is otherwise redrawn uniformly from all K.
 */
export function addDiscreteNoise(
  x0: DiscreteState,
  { alpha, classes }: { readonly alpha: number; readonly classes: number },
  uniform: Uniform,
): DiscreteState {
  return x0.map((colour) => (uniform() < alpha ? colour : Math.floor(uniform() * classes)))
}

/** A reverse step: its rule, and the alphas it goes between. */
export interface DiscreteStep {
  readonly from: number
  readonly to: number
  readonly classes: number
  readonly rule: Pick<ReverseRule, 'weights'>
}

/**
 * Draws x_to from p(x_to | x_from): the reverse step of appendix A with the prediction f in place of x_0,
 * averaged over the predicted colours.
 *
 * @param prediction  f(x_from), [pixels, K]
 * @throws DomainError when the step does not increase alpha within [0, 1], or a sigma is out of range
 */
export function discreteStep(
  x: DiscreteState,
  prediction: Float64Array,
  { from, to, classes, rule }: DiscreteStep,
  uniform: Uniform,
): DiscreteState {
  if (!(from >= 0 && from < to && to <= 1)) {
    throw new DomainError(`A reverse step from alpha ${from} to ${to} does not lead to more of the picture.`)
  }
  const weights = rule.weights({ from, to }, classes)
  return x.map((colour, pixel) =>
    drawColour(
      (k) => stepProbability(weights, prediction.subarray(pixel * classes, (pixel + 1) * classes), colour, k),
      classes,
      uniform(),
    ),
  )
}

/**
 * Returns p(x_to = k | x_from = colour) at one pixel.
 *
 * @param prediction  f at that pixel, [K]
 */
export function stepProbability(
  { equal, different }: ReverseWeights,
  prediction: Float64Array,
  colour: number,
  k: number,
): number {
  const same = prediction[colour]
  const chance = same * equal.uniform + (1 - same) * different.uniform
  const uniform = chance / prediction.length
  if (k !== colour) return different.clean * prediction[k] + uniform
  return same * (equal.current + equal.clean) + (1 - same) * different.current + uniform
}

/**
 * Returns the colour whose share of (0, 1) contains the draw. A remainder left by rounding goes to the last
 * colour with a non-zero share.
 */
function drawColour(probability: (k: number) => number, classes: number, draw: number): number {
  let rest = draw
  let last = 0
  for (let k = 0; k < classes; k++) {
    const share = probability(k)
    if (share > 0) last = k
    if (rest < share) return k
    rest -= share
  }
  return last
}

/** A complete reverse trajectory. */
export interface DiscreteTrajectory {
  /** Ascending, from the alpha of x_T to 1. */
  readonly alphas: readonly number[]
  readonly classes: number
  readonly rule: Pick<ReverseRule, 'weights'>
  readonly predict: PredictColours
}

/** Follows the reverse process from x_T to a picture, yielding one state per step. */
export function* reverseDiscrete(
  xT: DiscreteState,
  { alphas, classes, rule, predict }: DiscreteTrajectory,
  uniform: Uniform,
): Generator<DiscreteState, void> {
  let x = xT
  for (const [i, to] of alphas.slice(1).entries()) {
    const from = alphas[i]
    x = discreteStep(x, predict(x, from), { from, to, classes, rule }, uniform)
    yield x
  }
}

/** Returns evenly spaced alphas for S steps from pure noise to the picture; the paper leaves them open. */
export function evenAlphas(steps: number): number[] {
  return Array.from({ length: steps + 1 }, (_, i) => i / steps)
}
