import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { Denoiser } from './Denoiser'
import type { Space } from '../space/Space'
import type { TextEncoders } from '../text/TextEncoders'

/** A network on the device that evaluates it. */
export interface Evaluator {
  readonly denoiser: Denoiser
  readonly compute: ComputeInfo
  /** The number of pictures per batch that makes good use of the hardware. */
  readonly batch: number
  /** Equal keys mean bit-identical results: same weights, configuration, runtime, device and thread count. */
  readonly key: string
}

/** An open model: a denoiser, the space it works in, and the description of both. */
export interface Model extends Evaluator {
  readonly info: ModelInfo
  readonly schedule: NoiseSchedule
  readonly space: Space
  /** Null for a model that takes no text. */
  readonly texts: TextEncoders | null
  /** This machine's device in the place of the server; null without a server. */
  readonly standIn: Evaluator | null
  /**
   * Connects to the server that computes it, if any, for work that depends on `compute` before it evaluates
   * anything.
   *
   * @throws StudioError if that is a server without a usable answer; the signal's reason once it is aborted
   */
  connect(signal?: AbortSignal): Promise<void>
  /** Frees the memory once running evaluations have finished. */
  close(): Promise<void>
}
