import { z } from 'zod'
import { frameDistanceIds } from '#core/timeline/frameDistances'
import { limits, whole } from '../../limits'
import type { ExportReport, FramesReport, TimingReport } from '../../reports'
import { exportTarget } from '../../exportTarget'
import { frameDraft, framePlan } from '../../framePlan'
import { modelSource } from '../../modelSource'
import { decodeSettings } from '../../settings'
import { route } from '../route'

/** The frames of a plan: viewed, timed and exported. */
export const animationRoutes = {
  /** Some frames of a plan, decoded in one batch. */
  'animation.frames': route<FramesReport>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      indices: z.array(z.int().min(0)).min(1).max(64),
      decode: decodeSettings,
      /** Requests drafts instead of final frames. The progress of a single one carries a first look at it. */
      draft: frameDraft.optional(),
      /** Whether the user is waiting for them: they then take priority over everything else. */
      urgent: z.boolean().default(false),
    }),
  ),
  /**
   * Announces that a draft is about to be requested. Other computations pause for a moment, so that the draft
   * need not wait for them.
   */
  'animation.expect': route<null>()(z.object({})),
  /**
   * Computes where to place the frames of a path so that each differs from the next by the same amount. Frames are
   * compared in few steps first, and then as the film shows them; an export then finds these frames in the cache.
   */
  'animation.timing': route<TimingReport>()(
    z.object({
      model: modelSource,
      plan: framePlan.options[0],
      decode: decodeSettings,
      distance: z.enum(frameDistanceIds).default('ssim'),
      /** Indices of the segments to time; if left out, all but holds. */
      segments: z.array(z.int().min(0)).optional(),
      /** Whether to distribute frames over the segments by how much each of them changes. */
      share: z.boolean().default(false),
    }),
  ),
  /** Exports all frames of a plan into files. Repeating an interrupted request resumes it. */
  'animation.export': route<ExportReport>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      decode: decodeSettings,
      target: exportTarget,
      /** Frames per evaluation; defaults to as many as make good use of the device. */
      batch: whole(limits.batch, 'batch').optional(),
    }),
  ),
  /** Removes the finished frames of an export to this path that was interrupted and is not to be continued. */
  'animation.discard': route<null>()(z.object({ path: z.string().min(1) })),
  /**
   * How an export was made, as JSON, for files that the window writes itself. Its frames are rendered in
   * batches of `batch`.
   */
  'animation.provenance': route<string>()(
    z.object({
      model: modelSource,
      plan: framePlan,
      decode: decodeSettings,
      target: exportTarget.pick({
        format: true,
        fps: true,
        scale: true,
        enlargement: true,
        repeat: true,
        quality: true,
        frame: true,
        range: true,
      }),
      batch: whole(limits.batch, 'batch').optional(),
    }),
  ),
} as const
