import type { FrameRange } from '#core/timeline/frameRange'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan } from '#shared/framePlan'
import type { ModelSource } from '#shared/modelSource'
import type { ExportChoice, ExportOptions } from './exportChoice'

/** Everything an export needs, so that it can be repeated exactly. */
export interface ExportRequest {
  choice: ExportChoice
  options: ExportOptions
  path: string
  overwrite: boolean
  model: ModelSource
  /** Pixels of one frame at scale 1. */
  size: { width: number; height: number }
  plan: FramePlan
  decode: DecodeSettings
  /** Part of the model’s noise schedule, on which the cost of a frame depends. */
  cleanTimestep: number | undefined
  /** The frame that a single-frame format shows. */
  frame: number
  /** Number of frames in the plan. */
  total: number
  /** The frames that are exported. */
  range: FrameRange
  /** How long it was expected to take when it was requested; null if the model's pace was unknown. */
  estimateSeconds: number | null
}

/**
 * Reports an export's progress: the share done, what it is doing, and the seconds left, null if not known yet.
 */
export type ReportShare = (share: number, activity: string, etaSeconds: number | null) => void
