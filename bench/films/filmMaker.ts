import { pathThrough } from '../../src/cli/commands/morph'
import { measureFidelity } from '#core/diffusion/fidelity'
import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { Tensor } from '#core/diffusion/tensor'
import { frameDistances, type FrameDistance } from '#core/timeline/frameDistances'
import { countFrames } from '#core/timeline/timeline'
import { createEngineHandlers } from '#engine/handlers'
import { decodePng } from '#engine/image/decodePng'
import { pixelsToTensor } from '#engine/image/tensorPixels'
import { ContentCache } from '#files/ContentCache'
import { engineRoutes } from '#shared/contract'
import type { PathFramePlan } from '#shared/framePlan'

/** What a film is made with. */
export interface FilmSettings {
  readonly model: { readonly path: string; readonly threads: number }
  readonly encode: EncodeSettings
  readonly decode: DecodeSettings
}

/** For each distance, how far each frame of a film is from the next. */
export type FrameDistances = Record<FrameDistance, number[]>

/** Makes films as the app does, in this process. */
export interface FilmMaker {
  /** Plans a film of `frames` frames, at equal fractions of the path between two or more picture files. */
  plan: (pictures: readonly string[], frames: number) => PathFramePlan
  /** The same film with its frames placed by even timing. */
  timeEvenly: (plan: PathFramePlan) => Promise<PathFramePlan>
  /** Decodes all frames of a film, each [1, 3, H, W] on [-1, 1]. */
  render: (plan: PathFramePlan) => Promise<Tensor[]>
}

const context = {
  signal: new AbortController().signal,
  report: () => undefined,
  computesOn: () => undefined,
  evaluates: () => undefined,
}

/** Frames in one request. */
const framesAtOnce = 32

/**
 * Returns a maker of films.
 *
 * @param cache  a folder that keeps every frame, so that a run of an hour can be interrupted and resumed
 */
export function createFilmMaker({ model, encode, decode }: FilmSettings, cache: string): FilmMaker {
  const handlers = createEngineHandlers({ disk: new ContentCache(cache) })
  return {
    plan(pictures, frames) {
      const stops = pictures.map((path) => ({
        kind: 'picture' as const,
        picture: { path, fit: { mode: 'cover' as const } },
        encode,
        restandardise: false,
      }))
      return pathThrough(stops, { frames, easing: 'linear', interpolation: 'slerp' })
    },
    async timeEvenly(plan) {
      const request = engineRoutes['animation.timing'].input.parse({ model, plan, decode })
      const { segments } = await handlers['animation.timing'](request, context)
      return { ...plan, segments }
    },
    async render(plan) {
      const frames: Tensor[] = []
      const count = countFrames(plan)
      while (frames.length < count) {
        const next = Math.min(framesAtOnce, count - frames.length)
        const indices = Array.from({ length: next }, (_, at) => frames.length + at)
        const request = engineRoutes['animation.frames'].input.parse({ model, plan, indices, decode })
        const { frames: pngs } = await handlers['animation.frames'](request, context)
        for (const png of pngs) frames.push(pixelsToTensor(await decodePng(png), 3))
      }
      return frames
    },
  }
}

/** Measures how far each frame is from the next, by every distance. */
export function distancesBetween(frames: readonly Tensor[]): FrameDistances {
  const fidelities = frames.slice(1).map((frame, at) => measureFidelity(frames[at], frame))
  const entries = frameDistances.map(({ id, of }) => [id, fidelities.map(of)])
  return Object.fromEntries(entries) as FrameDistances
}
