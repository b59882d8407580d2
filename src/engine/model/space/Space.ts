import type { Tensor } from '#core/diffusion/tensor'
import type { EvaluationTurn } from '../network/evaluateSlices'

/** [C, H, W] of one item. */
export type ItemShape = readonly [channels: number, height: number, width: number]

/**
 * The space that a diffusion runs in: what turns pictures into the states x_0 that the network was trained on, and back.
 * Pictures are [N, 1 or 3, H, W], nominally on [-1, 1]; what is measured or shown is always a picture, what is mixed
 * always a state.
 */
export interface Space {
  readonly pictureShape: ItemShape
  readonly stateShape: ItemShape
  /** Whether encoding and decoding give every picture back as it was. */
  readonly isLossless: boolean
  /** The states of pictures. Deterministic: the mean, where an encoder answers a distribution. */
  encode(pictures: Tensor, turn: EvaluationTurn): Promise<Tensor>
  /** The pictures of states; values may overshoot [-1, 1]. */
  decode(states: Tensor, turn: EvaluationTurn): Promise<Tensor>
  /** Roughly what {@link decode} would answer, at no cost worth waiting for, perhaps smaller. */
  preview(states: Tensor): Tensor
  /** Gives memory back, once evaluations under way are done. */
  close(): Promise<void>
}
