import { playOrder } from '#core/timeline/playOrder'
import { encodeVideo } from './encodeVideo'
import type { ExportRequest, ReportShare } from './exportRequest'
import { request } from '../base/api'
import { createFrameFetcher, framesFetched } from './frameFetcher'
import { evenSide } from './videoCodecs'

/**
 * Writes a video: frames from the engine, encoded in the window.
 *
 * @returns the file's size in bytes
 */
export async function runVideoExport(
  wanted: ExportRequest,
  signal: AbortSignal,
  report: ReportShare,
): Promise<number> {
  const { options, size, path, overwrite, choice, model, plan, decode, total } = wanted
  const order = playOrder(total, options.repeat)
  const fetchFrame = createFrameFetcher({ model, plan, decode, total }, signal)
  const { fps, scale, repeat, quality } = options
  const provenance = await request(
    'animation.provenance',
    { model, plan, decode, batch: framesFetched, target: { fps, scale, repeat, quality } },
    { signal },
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
    frameCount: order.length,
    frameAt: (index) => fetchFrame(order[index]),
    provenance,
    signal,
    onFrame: (done) => report(done / order.length, 'Decoding and encoding frames'),
  })
}
