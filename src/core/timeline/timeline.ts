import type { Interpolation } from '../diffusion/slerp'
import type { FramePlan, LatentSource, Segment } from '#shared/settings'
import { ease } from './easing'
import type { Latent } from '../diffusion/latent'
import { interpolate, slerp } from '../diffusion/slerp'

type PathPlan = Extract<FramePlan, { kind: 'path' }>
type GridPlan = Extract<FramePlan, { kind: 'grid' }>

/** Where a frame of a path lies: between stops `from` and `to`, `fraction` of the way, easing applied. */
export interface PathPosition {
  readonly from: number
  readonly to: number
  readonly fraction: number
  readonly interpolation: Interpolation
}

/** Where a picture of a grid lies between its corners: 0 is left or top, 1 is right or bottom. */
export interface GridPosition {
  readonly across: number
  readonly down: number
}

/** The latents a plan is made of, in the order in which {@link latentOfFrame} expects them. */
export function sourcesOf(plan: FramePlan): readonly LatentSource[] {
  if (plan.kind === 'path') return plan.stops
  return plan.kind === 'grid' ? plan.corners : plan.latents
}

/**
 * Number of frames of a plan. A segment counts its first frame but not its last, which is the first of the segment
 * after it; so an open path has one frame more, the last stop's own, and a loop has not.
 *
 * @throws RangeError when the segments of a path fit neither
 */
export function countFrames(plan: FramePlan): number {
  if (plan.kind === 'list') return plan.latents.length
  if (plan.kind === 'grid') return plan.rows * plan.columns
  const inSegments = plan.segments.reduce((sum, { frames }) => sum + frames, 0)
  return isLoop(plan) ? inSegments : inSegments + 1
}

/**
 * Where frame `index` of a path lies. Stops have fraction 0, but the last of an open path has 1.
 *
 * @throws RangeError when the path has no such frame, or its segments fit neither an open path nor a loop
 */
export function pathPosition(path: PathPlan, index: number): PathPosition {
  requireFrame(path, index)
  let frame = index
  for (const [from, segment] of path.segments.entries()) {
    if (frame < segment.frames) return positionIn(segment, from, path.stops.length, frame / segment.frames)
    frame -= segment.frames
  }
  const last = path.segments.length - 1
  return positionIn(path.segments[last], last, path.stops.length, 1)
}

/**
 * Where picture `index` of a grid lies, counted row by row from the top left.
 *
 * @throws RangeError when the grid has no such picture
 */
export function gridPosition(grid: GridPlan, index: number): GridPosition {
  requireFrame(grid, index)
  const { columns, rows } = grid
  return { across: (index % columns) / (columns - 1), down: Math.floor(index / columns) / (rows - 1) }
}

/**
 * The latent to decode for frame `index`. A grid is the paper's two-way interpolation (appendix D.5): slerp down the
 * left and the right edge, then across between the two, every picture from the four corners alone.
 *
 * @param latents  those of {@link sourcesOf}, in that order
 * @throws RangeError when there is no such frame, or the latents cannot be mixed
 */
export function latentOfFrame(plan: FramePlan, latents: readonly Latent[], index: number): Latent {
  if (plan.kind === 'list') {
    requireFrame(plan, index)
    return latents[index]
  }
  if (plan.kind === 'path') {
    const { from, to, fraction, interpolation } = pathPosition(plan, index)
    return interpolate(interpolation, latents[from], latents[to], fraction)
  }
  const { across, down } = gridPosition(plan, index)
  const [topLeft, topRight, bottomLeft, bottomRight] = latents
  return slerp(slerp(topLeft, bottomLeft, down), slerp(topRight, bottomRight, down), across)
}

function isLoop({ stops, segments }: PathPlan): boolean {
  const [open, loop] = [stops.length - 1, stops.length]
  if (segments.length !== open && segments.length !== loop) {
    throw new RangeError(
      `A path of ${stops.length} stops takes ${open} segments, or ${loop} to make a loop, not ${segments.length}.`,
    )
  }
  return segments.length === loop
}

function positionIn(segment: Segment, from: number, stops: number, time: number): PathPosition {
  const { easing, interpolation } = segment
  return { from, to: (from + 1) % stops, fraction: ease(easing, time), interpolation }
}

function requireFrame(plan: FramePlan, index: number): void {
  const count = countFrames(plan)
  if (!(Number.isInteger(index) && index >= 0 && index < count)) {
    throw new RangeError(`There is no frame ${index}: the plan has ${count}, counted from 0.`)
  }
}
