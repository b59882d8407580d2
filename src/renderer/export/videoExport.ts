import { shownFrames } from '#shared/exportFormats'
import { encodeVideo } from './encodeVideo'
import type { ExportRequest, ReportShare } from './exportRequest'
import { request } from '../base/api'
import { decodeNfe } from '#core/diffusion/cost'
import { sourcesOf } from '#core/timeline/timeline'
import { isLed } from '#shared/guidance'
import { createFrameFetcher } from './frameFetcher'
import { createEta } from './measuredEta'
import { evenSide } from './videoCodecs'

/**
 * Exports a video: the engine renders the frames and the window encodes them.
 *
 * @returns the file's size in bytes
 */
export async function runVideoExport(
  wanted: ExportRequest,
  signal: AbortSignal,
  report: ReportShare,
): Promise<number> {
  const { options, size, path, overwrite, choice, model, plan, decode, total, range } = wanted
  const { fps, scale, enlargement, repeat, quality } = options
  const format = choice.format.id
  const order = shownFrames(total, { format, repeat, range })
  const provenance = await request(
    'animation.provenance',
    { model, plan, decode, target: { format, fps, scale, enlargement, repeat, quality, range } },
    { signal, onProgress: () => report(0, 'Encoding pictures', null) },
  )
  // Only now: the clock of frames starts when the pictures are encoded.
  const tell = createVideoProgress(wanted, order.length, report)
  const fetchFrame = createFrameFetcher({ model, plan, decode, range }, { signal, onProgress: tell })
  return encodeVideo({
    path,
    overwrite,
    choice: choice.video!,
    shape: {
      width: evenSide(size.width * options.scale),
      height: evenSide(size.height * options.scale),
      fps: options.fps,
    },
    quality: options.quality,
    enlargement,
    frameCount: order.length,
    frameAt: (index) => fetchFrame(order[index]),
    provenance,
    signal,
    onFrame: (written) => tell({ written }),
  })
}

/** Combines frames fetched and frames written into one share. Writing a frame costs about one evaluation. */
function createVideoProgress(
  { plan, decode, cleanTimestep, range }: ExportRequest,
  shown: number,
  report: ReportShare,
) {
  const perFrame = decodeNfe({ ...decode, cleanTimestep }, isLed(sourcesOf(plan)))
  const total = range.end - range.start + 1
  const eta = createEta(() => performance.now() / 1000)
  let now = { fetched: 0, decoded: 0, written: 0 }
  return (changes: Partial<typeof now>): void => {
    now = { ...now, ...changes }
    const { fetched, written } = now
    const share = (fetched * perFrame + written) / (total * perFrame + shown)
    report(share, 'Rendering frames', eta(now, { frames: total - fetched, shown: shown - written }))
  }
}
