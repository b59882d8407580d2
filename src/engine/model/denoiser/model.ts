import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { Denoiser } from './Denoiser'
import type { Space } from '../space/Space'
import type { TextEncoders } from '../text/TextEncoders'

/** A model that is open: a denoiser, the space it works in, and what both are. */
export interface Model {
  readonly info: ModelInfo
  readonly schedule: NoiseSchedule
  readonly denoiser: Denoiser
  readonly space: Space
  /** Null for a model that is shown no texts. */
  readonly texts: TextEncoders | null
  readonly compute: ComputeInfo
  /** How many pictures at a time make good use of what computes. */
  readonly batch: number
  /**
   * Equal keys mean equal results, to the bit: weights, configuration, runtime, device and threads are the
   * same.
   */
  readonly key: string
  /** Gives memory back, once evaluations under way are done. */
  close(): Promise<void>
}
