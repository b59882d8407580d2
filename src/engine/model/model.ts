import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { EpsilonModel } from './epsilonModel'

/** A network that is open: it predicts, and it knows what it is and what runs it. */
export interface Model extends EpsilonModel {
  readonly info: ModelInfo
  readonly schedule: NoiseSchedule
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
