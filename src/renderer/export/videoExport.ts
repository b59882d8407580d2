import { shownFrames } from '#shared/exportFormats'
import { encodeVideo } from './encodeVideo'
import type { ExportRequest, ReportShare } from './exportRequest'
import { request } from '../base/api'
import { nfe } from '#core/diffusion/cost'
import { createFrameFetcher } from './frameFetcher'
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
  const order = shownFrames(total, { format: choice.format.id, repeat: options.repeat, range })
  const tell = createVideoProgress(wanted, order.length, report)
  const fetchFrame = createFrameFetcher(
    { model, plan, decode, range },
    { signal, onProgress: (decoded) => tell({ decoded }) },
  )
  const { fps, scale, enlargement, repeat, quality } = options
  const provenance = await request(
    'animation.provenance',
    { model, plan, decode, target: { fps, scale, enlargement, repeat, quality } },
    { signal, onProgress: () => report(0, 'Encoding pictures', null) },
  )
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

/** Combines frames decoded and frames written into one share. Writing a frame costs about one evaluation. */
function createVideoProgress({ decode, range }: ExportRequest, shown: number, report: ReportShare) {
  const perFrame = nfe(decode).decode
  const total = range.end - range.start + 1
  let [decoded, written] = [0, 0]
  return (now: { decoded?: number; written?: number }): void => {
    decoded = now.decoded ?? decoded
    written = now.written ?? written
    report((decoded * perFrame + written) / (total * perFrame + shown), 'Rendering frames')
  }
}
