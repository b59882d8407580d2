import type { StudioError } from '#shared/errors'
import type { Tensor } from '#core/diffusion/tensor'
import type { Condition } from './condition'
import type { Pause } from './Turns'

/** The inputs of a network: states, all at one timestep, and what they are conditioned on. */
export interface NetworkInputs {
  /** [N, C, H, W] */
  readonly sample: Tensor
  readonly timestep: number
  /** Tensors of N rows, keyed by this network's names for them. */
  readonly condition: Condition
}

/** How a caller follows or cancels an evaluation. */
export interface Watch {
  /** Ends the wait for a remote evaluation; one in this process cannot be stopped. */
  readonly signal?: AbortSignal
  /** Receives a sentence when an evaluation has to wait for something, and again when the wait is over. */
  readonly onNotice?: (sentence: string) => void
  /** Lets other work have its turn while a remote evaluation waits for its next attempt. */
  readonly pause?: Pause
  /**
   * Called before a remote evaluation blocks this process, since others may have been announced and have ended in
   * the meantime.
   */
  readonly onStart?: () => void
}

/**
 * A trained network, evaluated by onnxruntime in this process or by a server. It outputs what it was trained
 * to output; nothing here depends on what that means.
 */
export interface Network {
  /** Channels of its output: those of the state, or twice as many if it also predicts a learned variance. */
  readonly outputChannels: number
  /** Returns how many items of a batch form a slice. Slices of equal size give bit-identical results. */
  sliceOf(batch: number): number
  /**
   * Returns how many items are best evaluated at once: a slice, or several if that leaves the results bit-identical.
   */
  groupOf(batch: number): number
  /**
   * Evaluates one slice or group.
   *
   * @param out  receives the output, [N, outputChannels, H, W]
   * @throws StudioError DEVICE_FAILED, BAD_MODEL or UNSUPPORTED; for a server also SERVER_FAILED, FORBIDDEN
   *   or MODEL_MISMATCH
   */
  evaluate(inputs: NetworkInputs, out: Tensor, watch?: Watch): Promise<void>
  /** Returns an error that blames its device; null if there is no device that could have failed. */
  deviceFailure(what: string): StudioError | null
  close(): Promise<void>
}
