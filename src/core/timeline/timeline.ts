import { DomainError } from '../DomainError'
import type { Latent } from '../diffusion/latent'
import { slerp } from '../diffusion/slerp'
import { ease } from './easing'
import { interpolate, interpolationOf, type Interpolation } from './interpolations/registry'
import { endsOf, frameCount, isClosed, neighboursOf, placeOf, type Path } from './path'

/** A path through latents. */
export interface PathPlan<Source> extends Path<Source> {
  readonly kind: 'path'
  /**
   * Whether stops show the pictures themselves. Frames in between then get what the reconstructions lack,
   * fading with the distance from each stop.
   */
  readonly pinned?: boolean | undefined
}

/** The paper's two-way interpolation (appendix D.5): four corners, row-major from the top left. */
export interface GridPlan<Source> {
  readonly kind: 'grid'
  readonly corners: readonly Source[]
  readonly columns: number
  readonly rows: number
}

/** Independent latents, each decoded as it is. */
export interface ListPlan<Source> {
  readonly kind: 'list'
  readonly latents: readonly Source[]
}

/** Which frames to make, from latents of any kind that are still to be mixed. */
export type MixingPlan<Source> = PathPlan<Source> | GridPlan<Source> | ListPlan<Source>

/** Where a frame of a path lies: `fraction` of the way from stop `from` to stop `to`, easing applied. */
export interface PathPosition {
  readonly from: number
  readonly to: number
  readonly fraction: number
  readonly interpolation: Interpolation
  /** The stops that the frame is mixed from, in path order, and the frames from each to the next. */
  readonly stops: readonly number[]
  readonly durations: readonly number[]
}

/** Where a picture of a grid lies between its corners: 0 is left or top, 1 is right or bottom. */
export interface GridPosition {
  readonly across: number
  readonly down: number
}

/** Returns the latents that a plan is made from, in the order in which {@link latentOfFrame} expects them. */
export function sourcesOf<Source>(plan: MixingPlan<Source>): readonly Source[] {
  if (plan.kind === 'path') return plan.stops
  return plan.kind === 'grid' ? plan.corners : plan.latents
}

/**
 * Returns the number of frames of a plan.
 *
 * @throws DomainError when the segments of a path fit neither an open path nor a closed one
 */
export function countFrames(plan: MixingPlan<unknown>): number {
  if (plan.kind === 'list') return plan.latents.length
  if (plan.kind === 'grid') return plan.rows * plan.columns
  requireFit(plan)
  return frameCount(plan)
}

/**
 * Returns where frame `index` of a path lies. Stops have fraction 0, except the last of an open path, which
 * has 1.
 *
 * @throws DomainError when the path has no such frame, or its segments fit neither an open nor a closed path
 */
export function pathPosition(path: PathPlan<unknown>, index: number): PathPosition {
  requireFrame(path, index)
  const { segment, offset } = placeOf(path, index)
  const { frames, easing, fractions } = path.segments[segment]
  const fraction = fractions ? [0, ...fractions, 1][offset] : ease(easing, offset / frames)
  return positionWithin(path, segment, fraction)
}

/** Returns the position at a fraction of a segment, whether or not a frame lies there. */
export function positionWithin(path: PathPlan<unknown>, segment: number, fraction: number): PathPosition {
  const [from, to] = endsOf(path, segment)
  const { interpolation } = path.segments[segment]
  const place = { from, to, fraction, interpolation }
  if (!interpolationOf(interpolation).looksAround) return { ...place, stops: [from, to], durations: [1] }
  const { stops, segments } = neighboursOf(path, segment)
  return { ...place, stops, durations: segments.map((at) => path.segments[at].frames) }
}

/**
 * Names what lies at a position of a path: a stop has the same name whichever segment leads to it.
 *
 * @param nameOf  names the stop of an index: equal names mean equal latents
 */
export function positionName(position: PathPosition, nameOf: (stop: number) => string): string {
  const { from, to, fraction, interpolation, stops, durations } = position
  if (Number.isInteger(fraction)) return nameOf(fraction === 0 ? from : to)
  return JSON.stringify([stops.map(nameOf), stops.indexOf(from), durations, fraction, interpolation])
}

/**
 * Returns where picture `index` of a grid lies, counted row by row from the top left.
 *
 * @throws DomainError when the grid has no such picture
 */
export function gridPosition(grid: GridPlan<unknown>, index: number): GridPosition {
  requireFrame(grid, index)
  const { columns, rows } = grid
  return { across: (index % columns) / (columns - 1), down: Math.floor(index / columns) / (rows - 1) }
}

/**
 * Returns the latent to decode for frame `index`. A grid is the paper's two-way interpolation (appendix D.5):
 * slerp down the left and right edges, then across between the two, so every picture comes from the four
 * corners alone.
 *
 * @param latents  those of {@link sourcesOf}, in that order
 * @throws DomainError when there is no such frame, or the latents cannot be mixed
 */
export function latentOfFrame(plan: MixingPlan<unknown>, latents: readonly Latent[], index: number): Latent {
  if (plan.kind === 'list') {
    requireFrame(plan, index)
    return latents[index]
  }
  if (plan.kind === 'path') return latentAt(latents, pathPosition(plan, index))
  const { across, down } = gridPosition(plan, index)
  const [topLeft, topRight, bottomLeft, bottomRight] = latents
  return slerp(slerp(topLeft, bottomLeft, down), slerp(topRight, bottomRight, down), across)
}

/**
 * Returns the latent at a position of a path.
 *
 * @param latents  of the path's stops, in their order
 * @throws DomainError when they cannot be mixed
 */
export function latentAt(latents: readonly Latent[], position: PathPosition): Latent {
  const { from, fraction, interpolation, stops, durations } = position
  const neighbourhood = { latents: stops.map((stop) => latents[stop]), from: stops.indexOf(from), durations }
  return interpolate(interpolation, neighbourhood, fraction)
}

function requireFit(path: PathPlan<unknown>): void {
  const [stops, segments] = [path.stops.length, path.segments.length]
  if (segments === stops - 1 || isClosed(path)) return
  throw new DomainError(
    `A path of ${stops} stops takes ${stops - 1} segments, or ${stops} to make a loop, not ${segments}.`,
  )
}

function requireFrame(plan: MixingPlan<unknown>, index: number): void {
  const count = countFrames(plan)
  if (!(Number.isInteger(index) && index >= 0 && index < count)) {
    throw new DomainError(`There is no frame ${index}: the plan has ${count}, counted from 0.`)
  }
}
