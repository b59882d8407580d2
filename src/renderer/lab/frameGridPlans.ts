import { reasonAgainst } from '#core/diffusion/solvers/reasonAgainst'
import type { DecodeSettings } from '#core/diffusion/settings'
import { interpolations } from '#core/timeline/interpolations/registry'
import { decodeNfe, type Costed } from '#core/diffusion/cost'
import { sourcesOf } from '#core/timeline/timeline'
import { type LabSweep } from '#shared/lab'
import { gridSide } from '#shared/labFigures'
import type { FramePlan } from '#shared/framePlan'
import { partsOf, type LatentSource } from '#shared/latentSource'
import { anyPromptsDiffer } from '#shared/guidance'
import { decodeSettings } from '#shared/settings'
import { familyName } from '#core/format/solverNames'

/** Part of a picture grid: some frames of a plan, decoded in one request. */
export interface GridPart {
  readonly plan: FramePlan
  readonly indices: readonly number[]
  readonly decode: DecodeSettings
}

/** One solver and spacing of the consistency grid: the same x_T decoded in increasing numbers of steps. */
export interface ConsistencyRow {
  readonly key: string
  readonly name: string
  /** One part for each number of steps, with a single frame. */
  readonly parts: readonly GridPart[]
}

/** Section 5.2: what one x_T decodes to under every solver and timestep spacing, for each number of steps. */
export function consistencyGrid(
  { solvers, timestepSpacings, steps }: LabSweep,
  latent: LatentSource,
): ConsistencyRow[] {
  const columns = [...steps].sort((a, b) => a - b)
  const plan = { kind: 'list' as const, latents: [latent] }
  return solvers.flatMap((solver) =>
    timestepSpacings.map((kind) => ({
      key: `${solver} ${kind}`,
      name: familyName({ solver, timestepSpacing: kind, eta: 0 }),
      parts: columns
        .filter((count) => reasonAgainst({ solver, steps: count }) === null)
        .map((count) => ({
          plan,
          indices: [0],
          decode: decodeSettings.parse({ solver, timestepSpacing: kind, steps: count }),
        })),
    })),
  )
}

/**
 * Whether a latent is made from pictures that were encoded by leapfrog. It belongs to that solver: from x_T alone,
 * others decode it to another picture.
 */
export function isOfLeapfrog(latent: LatentSource): boolean {
  return latent.kind === 'picture' ? latent.encode.solver === 'leapfrog' : partsOf(latent).some(isOfLeapfrog)
}

/**
 * Frames in the strip: one row of twelve above the grid, or two rows of six without it. The strip in a study's
 * folder has `interpolationFrames` instead, so that the positions written above its frames are eighths.
 */
export const stripFrames = 2 * gridSide

/** Frames evaluated in one batch: a row of the grid, or half of the strip. */
const batch = gridSide

/** Appendix D.5: from one x_T to another along the slerp arc, both ends included. */
export function interpolationStrip(ends: readonly LatentSource[], decode: DecodeSettings): GridPart[] {
  return batches(stripFrames).map((indices) => ({
    plan: {
      kind: 'path',
      stops: [...ends],
      segments: [{ frames: stripFrames - 1, easing: 'linear', interpolation: 'slerp' }],
    },
    indices,
    decode,
  }))
}

/** One kind of path between the same two x_T. */
export interface PathStrip {
  readonly title: string
  readonly help: string
  readonly parts: readonly GridPart[]
}

/** Pictures in a strip that is compared with others. */
export const comparedFrames = 7

/**
 * Joins the same two x_T by every kind of path. A path that depends on its neighbours gets the other two x_T
 * as neighbours, if there are four.
 */
export function pathStrips(corners: readonly LatentSource[], decode: DecodeSettings): PathStrip[] {
  const [from, to, before, after] = corners
  const segment = { frames: comparedFrames - 1, easing: 'linear' as const }
  return interpolations.map(({ id, title, help, looksAround }) => {
    const isSurrounded = looksAround && before !== undefined && after !== undefined
    const stops = isSurrounded ? [before, from, to, after] : [from, to]
    const first = isSurrounded ? segment.frames : 0
    const segments = stops.slice(1).map(() => ({ ...segment, interpolation: id }))
    const indices = Array.from({ length: comparedFrames }, (_unused, at) => first + at)
    return { title, help, parts: [{ plan: { kind: 'path' as const, stops, segments }, indices, decode }] }
  })
}

/** Appendix D.5: between four x_T, in both directions. */
export function interpolationGrid(corners: readonly LatentSource[], decode: DecodeSettings): GridPart[] {
  return batches(gridSide ** 2).map((indices) => ({
    plan: { kind: 'grid', corners: [...corners], columns: gridSide, rows: gridSide },
    indices,
    decode,
  }))
}

function batches(count: number): number[][] {
  return Array.from({ length: Math.ceil(count / batch) }, (_unused, at) =>
    Array.from({ length: Math.min(batch, count - at * batch) }, (_also, offset) => at * batch + offset),
  )
}

/**
 * Returns the number of network evaluations needed to draw these parts.
 *
 * @param schedule  the part of the noise schedule that the number depends on
 */
export function costOfParts(parts: readonly GridPart[], schedule: Pick<Costed, 'cleanTimestep'>): number {
  return parts.reduce(
    (sum, { plan, indices, decode }) =>
      sum + indices.length * decodeNfe({ ...decode, ...schedule }, anyPromptsDiffer(sourcesOf(plan))),
    0,
  )
}
