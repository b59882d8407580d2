import { evenPlaces, divideWideGaps, bisectWidestGaps } from '#core/timeline/evenTiming'
import { unevenness } from '#core/timeline/frameDistances'
import type { Segment } from '#core/timeline/path'
import type { PathFramePlan } from '#shared/framePlan'
import type { PathView, Sampled } from './pathView'

/** How many times the frames of a segment are looked at, at most. */
const mostRounds = 3

/** Frames as even as this are not moved again. */
const evenEnough = 1.75

/** Number of gaps that a segment is first divided into. */
const firstGaps = 8

/** A path in few steps, and as the film shows it. */
export interface Views {
  readonly coarse: PathView
  readonly film: PathView
}

/**
 * Returns the places where a segment is first looked at: eight gaps, or as many as it has frames if these are fewer.
 */
export function firstPlaces(frames = firstGaps): number[] {
  const gaps = Math.min(frames, firstGaps)
  return Array.from({ length: gaps + 1 }, (_, i) => i / gaps)
}

/**
 * Places the frames of a segment so that neighbours are equally far apart. A coarse pass splits the widest gap until
 * there are as many samples as frames; the frames are then moved to equal distances, decoded with the film's own
 * settings, and moved again until they are even enough.
 *
 * @param onStage  called before each stage with the number of frames that it looks at, at most
 */
export async function timeSegment(
  { coarse, film }: Views,
  plan: PathFramePlan,
  at: number,
  onStage: (looks: number) => void = () => undefined,
): Promise<Segment> {
  const segment = plan.segments[at]
  onStage(segment.frames + 1)
  const start = evenPlaces(await sampleClosely(coarse, plan, at), segment.frames)
  return { ...segment, fractions: await moveUntilEven(film, plan, at, { start, onStage }) }
}

/** Samples a segment at as many places as it has frames, more densely where it changes more. */
async function sampleClosely(view: PathView, plan: PathFramePlan, at: number): Promise<Sampled> {
  const { frames } = plan.segments[at]
  let sampled = await view.sample(plan, at, firstPlaces(frames))
  for (;;) {
    const more = bisectWidestGaps(sampled, frames - sampled.distances.length)
    if (more.length === 0) return sampled
    sampled = await view.join(sampled, await view.sample(plan, at, more))
  }
}

/**
 * Samples the frames at their places and moves them according to all samples so far. Returns the most even places.
 */
async function moveUntilEven(
  view: PathView,
  plan: PathFramePlan,
  at: number,
  { start, onStage }: { start: number[]; onStage: (looks: number) => void },
): Promise<number[]> {
  const count = plan.segments[at].frames
  let best = { places: start, unevenness: Infinity }
  let places = start
  let seen: Sampled | null = null
  for (let round = 1; ; round++) {
    onStage(count + 1)
    const frames = await view.sample(plan, at, [0, ...places, 1])
    const found = { places, unevenness: unevenness(frames.distances) }
    if (found.unevenness < best.unevenness) best = found
    if (best.unevenness <= evenEnough || round === mostRounds) return best.places
    onStage(count)
    seen = await lookBetween(view, plan, at, seen ? await view.join(seen, frames) : frames)
    places = evenPlaces(seen, count)
  }
}

/** Samples the gaps that are too wide to place frames in, at no more places than the segment has frames. */
async function lookBetween(
  view: PathView,
  plan: PathFramePlan,
  at: number,
  sampled: Sampled,
): Promise<Sampled> {
  const { frames } = plan.segments[at]
  let seen = sampled
  for (let left = frames; ;) {
    const more = divideWideGaps(seen, frames, left)
    if (more.length === 0) return seen
    seen = await view.join(seen, await view.sample(plan, at, more))
    left -= more.length
  }
}
