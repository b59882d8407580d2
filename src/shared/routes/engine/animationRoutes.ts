import { z } from 'zod'
import { frameDistanceIds } from '#core/timeline/frameDistances'
import { limits, whole } from '../../limits'
import type { ExportReport, FramesReport, TimingReport } from '../../reports'
import { exportTarget } from '../../exportTarget'
import { frameDraft, framePlan } from '../../framePlan'
import { modelSource } from '../../modelSource'
import { decodeSettings } from '../../settings'
import { route } from '../route'

/** The frames of a plan: looked at, timed and exported. */
export const animationRoutes = {
  /** Some frames of a plan, decoded in one batch. */
  'animation.frames': route<FramesReport>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      indices: z.array(z.int().min(0)).min(1).max(64),
      decode: decodeSettings,
      /** As drafts, in place of final frames. The progress of a single one gives a first look at it. */
      draft: frameDraft.optional(),
      /** Whether a person waits for them: they come before all else. */
      urgent: z.boolean().default(false),
    }),
  ),
  /** Says that a draft is about to be wanted: what else is computed pauses for a moment, so that the draft needn't wait for it. */
  'animation.expect': route<null>()(z.object({})),
  /**
   * Where the frames of a path stand so that each differs from the next by as much as all others, and how far they are
   * apart; or, not `even`, how far they are apart as they stand. Frames are looked at in few steps.
   */
  'animation.timing': route<TimingReport>()(
    z.object({
      model: modelSource,
      plan: framePlan.options[0],
      decode: decodeSettings,
      distance: z.enum(frameDistanceIds).default('ssim'),
      even: z.boolean().default(true),
      /** Which segments are timed, by position; all when left out. */
      segments: z.array(z.int().min(0)).optional(),
      /** Whether frames are shared out over the segments by how much each of them changes. */
      share: z.boolean().default(false),
    }),
  ),
  /** All frames of a plan, into files. Repeating an interrupted request resumes it. */
  'animation.export': route<ExportReport>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      decode: decodeSettings,
      target: exportTarget,
      /** Frames in one evaluation; left out, as many as make good use of the device. */
      batch: whole(limits.batch, 'batch').optional(),
    }),
  ),
  /** How an export came about, as JSON: for files that the window writes itself. Its frames come `batch` at a time. */
  'animation.provenance': route<string>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      decode: decodeSettings,
      target: exportTarget.pick({ fps: true, scale: true, enlargement: true, repeat: true, quality: true }),
      batch: whole(limits.batch, 'batch').optional(),
    }),
  ),
} as const
