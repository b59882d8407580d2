import { nfe } from '#core/diffusion/cost'
import { measureFidelity } from '#core/diffusion/fidelity'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { Tensor } from '#core/diffusion/tensor'
import { frameDistanceOf, type FrameDistance } from '#core/timeline/frameDistances'
import { positionWithin } from '#core/timeline/timeline'
import type { FramePlan } from '#shared/framePlan'
import { decodePng } from '../image/decodePng'
import { pixelsToTensor } from '../image/tensorPixels'
import type { Job } from '../job/Job'
import { resolveStop, resolveStops } from '../latent/resolveLatent'
import type { FrameCache } from './frameCache'
import { planPosition } from './planFrame'
import { collectFrames } from './renderFrames'

export type PathPlan = Extract<FramePlan, { kind: 'path' }>

/** Places within a segment, ascending from 0 to 1, with the pictures seen there and the distances between them. */
export interface Sampled {
  readonly places: readonly number[]
  readonly pictures: readonly Tensor[]
  readonly distances: readonly number[]
}

/** The settings of a view. */
export interface PathViewOptions {
  readonly decode: DecodeSettings
  readonly distance: FrameDistance
  /** Called with the evaluations that a frame took, after each. */
  readonly onFrame: (evaluations: number) => void
}

/** Shows the pictures of a path as they are decoded with certain settings. */
export interface PathView {
  /** Looks at places of a segment. */
  sample(plan: PathPlan, segment: number, places: readonly number[]): Promise<Sampled>
  /** Merges two samplings of one segment. */
  join(one: Sampled, other: Sampled): Sampled
}

/** Opens a view of all paths through the stops of a plan. */
export async function openPathView(
  cache: FrameCache,
  job: Job,
  plan: PathPlan,
  { decode: settings, distance, onFrame }: PathViewOptions,
): Promise<PathView> {
  const encoding = job.with({ priority: 'encode' })
  const stops = await resolveStops(plan, resolveStop(cache.latents, encoding, plan, settings))
  const { of } = frameDistanceOf(distance)
  const seenAt = (places: readonly number[], pictures: readonly Tensor[]): Sampled => ({
    places,
    pictures,
    distances: pictures.slice(1).map((picture, at) => of(measureFidelity(pictures[at], picture))),
  })
  return {
    async sample(plan, segment, places) {
      const frames = places.map((place) => planPosition(plan, stops, positionWithin(plan, segment, place)))
      let done = 0
      const onStep = (now: number): void => {
        onFrame((now - done) * nfe(settings).decode)
        done = now
      }
      const pngs = await collectFrames(cache, job, frames, { settings, onStep })
      return seenAt(
        places,
        await Promise.all(pngs.map(async (png) => pixelsToTensor(await decodePng(png), 3))),
      )
    },
    join(one, other) {
      const seen = new Map<number, Tensor>()
      for (const { places, pictures } of [one, other])
        places.forEach((place, i) => seen.set(place, pictures[i]))
      const places = [...seen.keys()].sort((a, b) => a - b)
      return seenAt(
        places,
        places.map((place) => seen.get(place)!),
      )
    },
  }
}
