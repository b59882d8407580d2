/** The frames of a film, a grid or a list, as latents that are yet to be mixed. */
import { z } from 'zod'
import { easings, type BezierHandles } from '#core/timeline/easing'
import { interpolationIds } from '#core/timeline/interpolations/registry'
import { hasSoundPlaces, type Segment } from '#core/timeline/path'
import { latentSource } from './latentSource'
import { limits, whole } from './limits'

/** A range of frames of a film, both ends included, counted from 0. */
export const frameRange = z
  .object({ start: z.int().min(0), end: z.int().min(0) })
  .refine(({ start, end }) => start <= end, { error: 'end must not be before start' })

/** One value, so that a document with an invalid number keeps all four for programs that can read them. */
const bezierHandles = z.custom<BezierHandles>(
  (value) =>
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((part) => typeof part === 'number' && part >= 0 && part <= 1),
)

/** The easing of a segment: the name of a curve, or the two handles of a custom one. */
export const easing = z.union([z.enum(easings), bezierHandles], {
  error: `easing must be one of ${easings.join(', ')}, or four numbers between 0 and 1`,
})

/** The stretch from one stop to the next: `frames` includes its first frame, but not its last. */
const segment = z
  .object({
    frames: whole(limits.segmentFrames, 'frames'),
    easing: easing.default('linear'),
    interpolation: z.enum(interpolationIds).default('slerp'),
    /** The position of each frame but the first, as even timing measured it. Replaces the easing. */
    fractions: z.array(z.number()).readonly().optional(),
  })
  .refine(hasSoundPlaces, {
    error: 'fractions must ascend between 0 and 1, one fewer than frames',
  }) satisfies z.ZodType<Segment>

/** The frames to make, as latents that are yet to be mixed. */
export const framePlan = z.discriminatedUnion('kind', [
  /** A path through two or more stops. One segment joins each two; one more, back to the first, closes it. */
  z.object({
    kind: z.literal('path'),
    stops: z.array(latentSource).min(2),
    segments: z.array(segment).min(1),
    /**
     * Whether a stop that was encoded from a picture shows that picture itself: what its reconstruction lacks
     * is added, and fades out along the path.
     */
    pinned: z.boolean().optional(),
  }),
  /**
   * The paper's two-way interpolation (appendix D.5): four corners in row-major order, top-left, top-right,
   * bottom-left, bottom-right.
   */
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

/** The frames of a path through stops. */
export type PathFramePlan = Extract<FramePlan, { kind: 'path' }>

/** A quick stand-in for a final frame, independent of the decoding settings: see `draftTrajectory`. */
export const frameDraft = z.object({
  /** Network evaluations per frame. */
  evaluations: z.int().min(1).max(20),
  /** Whether to return final frames instead if all of them are cached. */
  orFinal: z.boolean().default(true),
})
export type FrameDraft = z.infer<typeof frameDraft>
