import type { DecodeSettings } from '#core/diffusion/settings'
import { isHeld } from '#core/timeline/path'
import { spreadFrames } from '#core/timeline/spreadFrames'
import type { EngineRoutes, RouteRequest } from '#shared/contract'
import { defaultSettings } from '#shared/presets'
import type { TimingReport } from '#shared/reports'
import type { Job } from '../job/Job'
import type { RequestContext } from '../job/requestContext'
import type { RenderCache } from './renderCache'
import type { PathFramePlan } from '#shared/framePlan'
import { openPathView, type PathView } from './pathView'
import { firstPlaces, timeSegment } from './timeSegment'

type TimingRequest = Omit<RouteRequest<EngineRoutes['animation.timing']>, 'model'>

/**
 * Enough to show roughly where a film changes: at 10, a steep part shifts by more than a frame, and some distances are
 * still twice the mean.
 */
const fewSteps = 20

/**
 * Retimes segments so that each frame differs as much from the one before as from the one after, first as seen in few
 * steps and then as the film shows them: see {@link timeSegment}. With `share`, the frames of the whole film are first
 * distributed by how much each segment changes.
 *
 * The same request gives the same timing on one machine, so exporting a film again gives the same film.
 */
export async function findTiming(
  cache: RenderCache,
  job: Job,
  { plan: asked, decode, distance, segments: only, share }: TimingRequest,
): Promise<TimingReport> {
  const isWanted = (at: number) => only?.includes(at) ?? !isHeld(asked.segments[at])
  const wanted = [...asked.segments.keys()].filter(isWanted)
  const quick = inFewSteps(decode)
  const progress = trackSegments(
    job.context,
    wanted.map((at) => asked.segments[at].frames),
  )
  const open = (settings: DecodeSettings) =>
    openPathView(cache, job, asked, { decode: settings, film: decode, distance, onFrame: progress.onFrame })
  const views = { coarse: await open(quick), film: await open(decode) }
  const plan = share ? await shareByChange(views.coarse, asked) : asked
  const segments = [...plan.segments]
  for (const at of wanted) {
    segments[at] = await timeSegment(views, plan, at, progress.onStage)
    progress.onSegment()
  }
  return { segments }
}

/**
 * Settings that are faster than those of the film, and close enough to show where it changes. They add no
 * noise, because so few steps sample noise badly.
 */
function inFewSteps(decode: DecodeSettings): DecodeSettings {
  const { clip, guidance } = decode
  return decode.steps <= fewSteps ? decode : { ...defaultSettings.decode, steps: fewSteps, clip, guidance }
}

/**
 * Reports the progress of segments. The number of stages is not known in advance, so each one advances the bar by
 * half of what remains, and no ETA is reported.
 */
function trackSegments({ report }: RequestContext, frames: readonly number[]) {
  const total = frames.reduce((sum, count) => sum + count, 0)
  let before = 0
  let segment = 0
  /** Shares of the current segment: what is done, where its stage ends, and what each frame adds. */
  let [share, end, perFrame] = [0, 0, 0]
  const tell = (): void =>
    report({ phase: 'measure', done: before + share * frames[segment], total, etaSeconds: null })
  return {
    /** Begins a stage that looks at up to `looks` frames. */
    onStage(looks: number): void {
      share = end
      end += (1 - end) / 2
      perFrame = (end - share) / looks
    },
    onFrame(): void {
      share = Math.min(end, share + perFrame)
      tell()
    },
    /** Ends a segment. */
    onSegment(): void {
      before += frames[segment++]
      share = end = perFrame = 0
    },
  }
}

/**
 * Distributes the frames of a plan over its segments by how much each one changes; a hold keeps its
 * own count.
 */
async function shareByChange(view: PathView, plan: PathFramePlan): Promise<PathFramePlan> {
  const moving = [...plan.segments.keys()].filter((at) => !isHeld(plan.segments[at]))
  const lengths: number[] = []
  for (const at of moving) {
    const { distances } = await view.sample(plan, at, firstPlaces())
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
