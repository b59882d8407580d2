import type { FrameRange } from '#core/timeline/frameRange'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { FramePlan } from '#shared/framePlan'
import type { ModelSource } from '#shared/modelSource'
import type { ExportChoice, ExportOptions } from './exportChoice'

/** All that an export needs, so that it can be repeated as it was. */
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
  /** The frame that a format of a single one shows. */
  frame: number
  /** Frames of the plan. */
  total: number
  /** Those of them that are exported. */
  range: FrameRange
  /** How long it was expected to take when it was asked for; null while the model's pace was unknown. */
  estimateSeconds: number | null
}

/** Tells how far an export is: the share done, what it does, and the seconds left where the engine knows them. */
export type ReportShare = (share: number, activity: string, etaSeconds?: number | null) => void
