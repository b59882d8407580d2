import { z } from 'zod'
import { enlargements } from '#core/picture/enlarge'
import { repeats } from '#core/timeline/playOrder'
import { exportFormats } from './exportFormats'
import { frameRange } from './framePlan'
import { limits, real, whole } from './limits'

/** Frames per second. */
export const fps = real(limits.fps, 'fps')

/** How an animation repeats. */
export const repeat = z.enum(repeats)

/** Where frames are exported to, and how. */
export const exportTarget = z.object({
  path: z.string().min(1),
  format: z.enum(exportFormats),
  fps: fps.default(20),
  scale: whole(limits.scale, 'scale').default(1),
  /** How frames are enlarged if `scale` is more than 1. */
  enlargement: z.enum(enlargements).default('lanczos'),
  repeat: repeat.default('forever'),
  quality: whole(limits.quality, 'quality').default(90),
  overwrite: z.boolean().default(false),
  /** The frame to show in a format with a single frame; defaults to the middle one. */
  frame: z.int().min(0).optional(),
  /** The frames to show in a format with many; defaults to all. */
  range: frameRange.optional(),
  /** Whether a cancelled export keeps finished frames next to the target, for the same request to resume. */
  keepUnfinished: z.boolean().default(false),
})
export type ExportTarget = z.infer<typeof exportTarget>
