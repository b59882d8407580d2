import { measureFidelity } from '#core/diffusion/fidelity'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { Tensor } from '#core/diffusion/tensor'
import { evenPlaces, splitWidestGaps } from '#core/timeline/evenTiming'
import { frameDistanceOf, type FrameDistance } from '#core/timeline/frameDistances'
import type { Segment } from '#core/timeline/path'
import { spreadFrames } from '#core/timeline/spreadFrames'
import { countFrames, pathPosition, positionWithin, type PathPosition } from '#core/timeline/timeline'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { standardPreset } from '#shared/presets'
import type { TimingReport } from '#shared/reports'
import type { FramePlan } from '#shared/framePlan'
import { decodePng } from '../image/decodePng'
import { pixelsToTensor } from '../image/tensorPixels'
import type { Job } from '../job/Job'
import { reportProgress } from '../job/reportProgress'
import { resolveStop, resolveStops } from '../latent/resolveLatent'
import type { FrameCache } from './frameCache'
import { planPosition } from './planFrame'
import { collectFrames } from './renderFrames'

type TimingRequest = Omit<RouteRequest<EngineRoutes['animation.timing']>, 'model'>
type PathPlan = Extract<FramePlan, { kind: 'path' }>

/** Number of gaps that a segment is first divided into, and that its share of a film is estimated from. */
const firstGaps = 8

/** A coarse view of a path: its frames decoded in few steps, as pictures on [-1, 1]. */
interface View {
  readonly distance: FrameDistance
  look(plan: PathPlan, positions: readonly PathPosition[]): Promise<Tensor[]>
}

/**
 * Measures how far apart neighbouring frames of a path are. With `even`, it also retimes segments so that
 * each frame differs as much from the one before as from the one after: it splits the widest gap until there
 * are as many frames as requested, then moves them to equal distances along the measured path. With `share`,
 * the frames of the whole film are first distributed by how much each segment changes.
 *
 * The same request gives the same timing on one machine, so exporting a film again gives the same film.
 */
export async function findTiming(cache: FrameCache, job: Job, request: TimingRequest): Promise<TimingReport> {
  const view = await openView(cache, job, request)
  if (!request.even) return report(view, request.plan)
  const plan = request.share ? await shareByChange(view, request.plan) : request.plan
  const segments: Segment[] = []
  for (const [at, segment] of plan.segments.entries()) {
    const isWanted = request.segments?.includes(at) ?? segment.easing !== 'hold'
    segments.push(isWanted ? await timeSegment(view, plan, at) : segment)
  }
  return report(view, { ...plan, segments })
}

async function report(view: View, plan: PathPlan): Promise<TimingReport> {
  const positions = Array.from({ length: countFrames(plan) }, (_, frame) => pathPosition(plan, frame))
  return { segments: plan.segments, distances: distancesBetween(view, await view.look(plan, positions)) }
}

async function openView(
  cache: FrameCache,
  job: Job,
  { plan, decode, distance }: TimingRequest,
): Promise<View> {
  const settings = inFewSteps(decode)
  const encoding = job.with({ priority: 'encode' })
  const stops = await resolveStops(plan, resolveStop(cache.latents, encoding, plan, settings))
  const total = countFrames(plan)
  const progress = reportProgress(job.context, 'measure', total)
  let looked = 0
  return {
    distance,
    async look(plan, positions) {
      const frames = positions.map((position) => planPosition(plan, stops, position))
      const onStep = (done: number): void => progress(Math.min(looked + done, total))
      const pngs = await collectFrames(cache, job, frames, { settings, onStep })
      looked += frames.length
      return Promise.all(pngs.map(async (png) => pixelsToTensor(await decodePng(png), 3)))
    },
  }
}

/**
 * With fewer steps, a steep part of a film would shift by more than a frame: at 10, some frame distances were
 * still twice the mean.
 */
const fewSteps = 20

/**
 * Settings that are faster than those of the film, and close enough to show where it changes. They add no
 * noise, because so few steps sample noise badly.
 */
function inFewSteps(decode: DecodeSettings): DecodeSettings {
  const { clip, guidance } = decode
  return decode.steps <= fewSteps ? decode : { ...standardPreset.decode, steps: fewSteps, clip, guidance }
}

function distancesBetween({ distance }: View, pictures: readonly Tensor[]): number[] {
  const { of } = frameDistanceOf(distance)
  return pictures.slice(1).map((picture, at) => of(measureFidelity(pictures[at], picture)))
}

/** Positions within a segment, ascending from 0 to 1, with the pictures seen there. */
interface Sampled {
  readonly places: readonly number[]
  readonly pictures: readonly Tensor[]
  readonly distances: readonly number[]
}

async function sample(
  view: View,
  plan: PathPlan,
  segment: number,
  places: readonly number[],
): Promise<Sampled> {
  const positions = places.map((place) => positionWithin(plan, segment, place))
  const pictures = await view.look(plan, positions)
  return { places, pictures, distances: distancesBetween(view, pictures) }
}

/** Merges two samplings of one segment. */
function join(view: View, one: Sampled, other: Sampled): Sampled {
  const seen = new Map<number, Tensor>()
  for (const { places, pictures } of [one, other]) places.forEach((place, i) => seen.set(place, pictures[i]))
  const places = [...seen.keys()].sort((a, b) => a - b)
  const pictures = places.map((place) => seen.get(place)!)
  return { places, pictures, distances: distancesBetween(view, pictures) }
}

const evenly = (gaps: number): number[] => Array.from({ length: gaps + 1 }, (_, i) => i / gaps)

async function timeSegment(view: View, plan: PathPlan, at: number): Promise<Segment> {
  const segment = plan.segments[at]
  const { frames } = segment
  let sampled = await sample(view, plan, at, evenly(Math.min(frames, firstGaps)))
  for (;;) {
    const more = splitWidestGaps(sampled, frames - sampled.distances.length)
    if (more.length === 0) break
    sampled = join(view, sampled, await sample(view, plan, at, more))
  }
  const fractions = evenPlaces(sampled, frames)
  return { ...segment, fractions }
}

/**
 * Distributes the frames of a plan over its segments by how much each one changes; a hold keeps its
 * own count.
 */
async function shareByChange(view: View, plan: PathPlan): Promise<PathPlan> {
  const moving = [...plan.segments.keys()].filter((at) => plan.segments[at].easing !== 'hold')
  const lengths: number[] = []
  for (const at of moving) {
    const { distances } = await sample(view, plan, at, evenly(firstGaps))
    lengths.push(distances.reduce((sum, distance) => sum + distance, 0))
  }
  const total = moving.reduce((sum, at) => sum + plan.segments[at].frames, 0)
  // A segment between equal stops does not change at all, but still needs a frame.
  const shares = spreadFrames(
    total,
    lengths.map((length) => Math.max(length, Number.EPSILON)),
  )
  const shareOf = (at: number, frames: number) => shares[moving.indexOf(at)] ?? frames
  const segments = plan.segments.map((segment, at) => ({ ...segment, frames: shareOf(at, segment.frames) }))
  return { ...plan, segments }
}
