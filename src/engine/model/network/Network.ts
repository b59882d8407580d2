import type { StudioError } from '#shared/errors'
import type { Tensor } from '#core/diffusion/tensor'
import type { Condition } from './condition'

/** What a network is shown: states, all at one timestep, and what they are conditioned on. */
export interface NetworkInputs {
  /** [N, C, H, W] */
  readonly sample: Tensor
  readonly timestep: number
  /** Tensors of N rows, by the names this network has for them. */
  readonly condition: Condition
}

/** Who waits for an evaluation. */
export interface Watch {
  /** Ends the wait for an evaluation elsewhere; one in this process cannot be stopped. */
  readonly signal?: AbortSignal
  /** Told in a sentence when an evaluation has to wait for something, and when that is over. */
  readonly onNotice?: (sentence: string) => void
}

/**
 * A trained network, wherever it is evaluated: by onnxruntime in this process, or by a server. It answers what it was
 * trained to answer; nothing here knows what that means.
 */
export interface Network {
  /** Channels of its answer: those of the state, or twice as many where it has learned a variance, too. */
  readonly outputChannels: number
  /** How many items of a batch are evaluated at once: equal sizes give equal results, to the bit. */
  sliceOf(batch: number): number
  /**
   * Evaluates one slice.
   *
   * @param out  receives the answer, [N, outputChannels, H, W]
   * @throws StudioError DEVICE_FAILED, BAD_MODEL or UNSUPPORTED; of a server also SERVER_FAILED, FORBIDDEN or MODEL_MISMATCH
   */
  evaluate(inputs: NetworkInputs, out: Tensor, watch?: Watch): Promise<void>
  /** What its device did wrong, as an error; null where there is no device that could have. */
  deviceFailure(what: string): StudioError | null
  close(): Promise<void>
}
