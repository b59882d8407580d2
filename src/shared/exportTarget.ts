import { z } from 'zod'
import { enlargements } from '#core/picture/enlarge'
import { repeats } from '#core/timeline/playOrder'
import { exportFormats } from './exportFormats'
import { frameRange } from './framePlan'
import { limits, real, whole } from './limits'

/** Frames per second. */
export const fps = real(limits.fps, 'fps')

/** Where frames go, and how. */
export const exportTarget = z.object({
  path: z.string().min(1),
  format: z.enum(exportFormats),
  fps: fps.default(20),
  scale: whole(limits.scale, 'scale').default(1),
  /** How frames are enlarged where `scale` is more than 1. */
  enlargement: z.enum(enlargements).default('lanczos'),
  repeat: z.enum(repeats).default('forever'),
  quality: whole(limits.quality, 'quality').default(90),
  overwrite: z.boolean().default(false),
  /** The frame that a format of a single one shows; the middle one when left out. */
  frame: z.int().min(0).optional(),
  /** The frames that a format of many shows; all of them when left out. */
  range: frameRange.optional(),
  /** Whether a cancelled export leaves its finished frames beside the target, for the same request to go on from. */
  keepUnfinished: z.boolean().default(false),
})
export type ExportTarget = z.infer<typeof exportTarget>
