import { setImmediate } from 'node:timers/promises'
import { measureFidelity } from '#core/diffusion/fidelity'
import type { DecodeSettings } from '#core/diffusion/settings'
import type { Pixels } from '#core/picture/pixels'
import { frameDistanceOf, type FrameDistance } from '#core/timeline/frameDistances'
import { positionWithin } from '#core/timeline/timeline'
import type { PathFramePlan } from '#shared/framePlan'
import { decodePng } from '../image/decodePng'
import { pixelsToTensor } from '../image/tensorPixels'
import type { Job } from '../job/Job'
import { resolveStop, resolveStops } from '../latent/resolveLatent'
import type { RenderCache } from './renderCache'
import { planPosition } from './planFrame'
import { renderFrames } from './renderFrames'

/** Places within a segment, ascending from 0 to 1, with the pictures seen there and the distances between them. */
export interface Sampled {
  readonly places: readonly number[]
  readonly pictures: readonly Pixels[]
  readonly distances: readonly number[]
}

/** The settings of a view. */
export interface PathViewOptions {
  readonly decode: DecodeSettings
  /**
   * The settings that the film itself is decoded with. They say where seeds and other stops without a timestep of
   * their own lie, so that all views see one path.
   */
  readonly film: DecodeSettings
  readonly distance: FrameDistance
  /** Called for each frame that is ready. */
  readonly onFrame: () => void
}

/** Shows the pictures of a path as they are decoded with certain settings. */
export interface PathView {
  /** Looks at places of a segment. */
  sample(plan: PathFramePlan, segment: number, places: readonly number[]): Promise<Sampled>
  /** Merges two samplings of one segment. */
  join(one: Sampled, other: Sampled): Promise<Sampled>
}

/** Opens a view of all paths through the stops of a plan. */
export async function openPathView(
  cache: RenderCache,
  job: Job,
  plan: PathFramePlan,
  { decode: settings, film, distance, onFrame }: PathViewOptions,
): Promise<PathView> {
  const encoding = job.with({ priority: 'encode' })
  const stops = await resolveStops(
    plan,
    resolveStop(cache.latents, encoding, plan, { decode: settings, film }),
  )
  const measure = async (a: Pixels, b: Pixels): Promise<number> => {
    // Comparing large pictures takes a while, in which this process can be asked to stop.
    await setImmediate()
    job.context.signal.throwIfAborted()
    return frameDistanceOf(distance).of(measureFidelity(pixelsToTensor(a, 3), pixelsToTensor(b, 3)))
  }
  return {
    async sample(retimed, segment, places) {
      const frames = places.map((place) =>
        planPosition(retimed, stops, positionWithin(retimed, segment, place)),
      )
      const pictures: Pixels[] = []
      for await (const { index, png } of renderFrames(cache, job, frames, { settings })) {
        pictures[index] = await decodePng(png)
        onFrame()
      }
      const seen = new Map(places.map((place, i) => [place, pictures[i]]))
      return measured(seen, new Map(), measure)
    },
    join(one, other) {
      const both = [one, other]
      const seen = new Map(
        both.flatMap(({ places, pictures }) => places.map((place, i) => [place, pictures[i]])),
      )
      const known = new Map(
        both.flatMap(({ places, distances }) =>
          distances.map((gap, i) => [gapBetween(places[i], places[i + 1]), gap]),
        ),
      )
      return measured(seen, known, measure)
    },
  }
}

/** Orders pictures by their places, and measures the distances between neighbours that are not known. */
async function measured(
  seen: ReadonlyMap<number, Pixels>,
  known: ReadonlyMap<string, number>,
  measure: (a: Pixels, b: Pixels) => Promise<number>,
): Promise<Sampled> {
  const places = [...seen.keys()].sort((a, b) => a - b)
  const pictures = places.map((place) => seen.get(place)!)
  const distances: number[] = []
  for (let i = 1; i < places.length; i++) {
    const distance = known.get(gapBetween(places[i - 1], places[i]))
    distances.push(distance ?? (await measure(pictures[i - 1], pictures[i])))
  }
  return { places, pictures, distances }
}

function gapBetween(from: number, to: number): string {
  return `${from} to ${to}`
}
