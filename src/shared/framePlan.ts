/** The frames of a film, a grid or a list, as latents still to be mixed. */
import { z } from 'zod'
import { easings, type BezierHandles } from '#core/timeline/easing'
import { interpolationIds } from '#core/timeline/interpolations/registry'
import { hasSoundPlaces, type Segment } from '#core/timeline/path'
import { latentSource } from './latentSource'
import { limits, whole } from './limits'

/** Some frames of a film, both ends included, counted from 0. */
export const frameRange = z
  .object({ start: z.int().min(0), end: z.int().min(0) })
  .refine(({ start, end }) => start <= end, { error: 'end must not be before start' })

/** As one value, so that a document with an odd number in it keeps the whole of it for those who can read it. */
const bezierHandles = z.custom<BezierHandles>(
  (value) =>
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((part) => typeof part === 'number' && part >= 0 && part <= 1),
)

/** How time runs within a segment: a curve's name, or the two handles of its own. */
export const easing = z.union([z.enum(easings), bezierHandles], {
  error: `easing must be one of ${easings.join(', ')}, or four numbers between 0 and 1`,
})

/** The stretch from one stop to the next: `frames` counts its first frame, not its last. */
const segment = z
  .object({
    frames: whole(limits.segmentFrames, 'frames'),
    easing: easing.default('linear'),
    interpolation: z.enum(interpolationIds).default('slerp'),
    /** Where each frame but the first lies, as even timing measured it: in the place of the easing. */
    fractions: z.array(z.number()).readonly().optional(),
  })
  .refine(hasSoundPlaces, {
    error: 'fractions must ascend between 0 and 1, one fewer than frames',
  }) satisfies z.ZodType<Segment>

/** What frames are wanted, as latents still to be mixed. */
export const framePlan = z.discriminatedUnion('kind', [
  /** A path through two or more stops. One segment between each two; one more, back to the first, closes it. */
  z.object({
    kind: z.literal('path'),
    stops: z.array(latentSource).min(2),
    segments: z.array(segment).min(1),
    /**
     * Whether a stop that was encoded from a picture shows that picture itself: what its reconstruction lacks is added,
     * and fades along the path.
     */
    pinned: z.boolean().optional(),
  }),
  /** The paper's two-way interpolation (appendix D.5): four corners, row-major top-left, top-right, bottom-left, bottom-right. */
  z.object({
    kind: z.literal('grid'),
    corners: z.array(latentSource).length(4),
    columns: whole(limits.gridSide, 'columns'),
    rows: whole(limits.gridSide, 'rows'),
  }),
  /** Independent latents, each decoded as it is. */
  z.object({ kind: z.literal('list'), latents: z.array(latentSource).min(1) }),
])
export type FramePlan = z.infer<typeof framePlan>

/** A quick stand-in for a final frame, whatever the settings of that: see `draftTrajectory`. */
export const frameDraft = z.object({
  /** Evaluations of the network for each frame. */
  evaluations: z.int().min(1).max(20),
  /** Answers final frames where all of them are kept. */
  orFinal: z.boolean().default(true),
})
export type FrameDraft = z.infer<typeof frameDraft>
