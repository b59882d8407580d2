import type { Tensor } from '#core/diffusion/tensor'
import type { EvaluationTurn } from '../network/evaluateSlices'

/** [C, H, W] of one item. */
export type ItemShape = readonly [channels: number, height: number, width: number]

/**
 * The space that a diffusion runs in: it converts pictures into the states x_0 that the network was trained
 * on, and back. Pictures are [N, 1 or 3, H, W], nominally in [-1, 1]. Whatever is measured or shown is a
 * picture; whatever is mixed is a state.
 */
export interface Space {
  readonly pictureShape: ItemShape
  readonly stateShape: ItemShape
  /** Whether encoding and decoding reproduce every picture exactly. */
  readonly isLossless: boolean
  /** Encodes pictures as states. Deterministic: takes the mean if the encoder outputs a distribution. */
  encode(pictures: Tensor, turn: EvaluationTurn): Promise<Tensor>
  /** Decodes states into pictures; values may overshoot [-1, 1]. */
  decode(states: Tensor, turn: EvaluationTurn): Promise<Tensor>
  /**
   * Returns how many seconds it takes to decode a state, without the wait for its turn, measured on the decodings so
   * far; null until there were two.
   */
  secondsPerDecoding(): number | null
  /** Returns roughly what {@link decode} would, almost immediately and perhaps at a smaller size. */
  preview(states: Tensor): Tensor
  /** Frees the memory once running evaluations have finished. */
  close(): Promise<void>
}
