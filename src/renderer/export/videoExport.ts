import { shownFrames } from '#shared/exportFormats'
import { encodeVideo } from './encodeVideo'
import type { ExportRequest, ReportShare } from './exportRequest'
import { request } from '../base/api'
import { decodeNfe } from '#core/diffusion/cost'
import { sourcesOf } from '#core/timeline/timeline'
import { StudioError } from '#shared/errors'
import { anyPromptsDiffer } from '#shared/guidance'
import type { ModelSource } from '#shared/modelSource'
import { countPictures } from '#shared/pictureNames'
import type { ComputeInfo } from '#shared/reports'
import { stableJson } from '#shared/stableJson'
import { createFrameFetcher } from './frameFetcher'
import { createEta } from './measuredEta'
import { evenSide } from './videoCodecs'
import { wouldReplace } from './wouldReplace'

/** Thrown when frames come from another device than the one recorded in the video’s provenance. */
class OtherDevice extends StudioError {
  /** @param provider  the device that the frames come from */
  constructor(
    path: string,
    readonly provider: ComputeInfo['provider'],
  ) {
    super(
      'DEVICE_FAILED',
      `Cannot write "${path}": the device that computes its frames changed again and again. Choose one device in the settings, and export it again.`,
      { path },
    )
  }
}

/** More than the number of times that a request can fall back on its way from its device to the CPU. */
const mostAttempts = 6

/**
 * Exports a video: the engine renders the frames and the window encodes them. All frames come from the device
 * that the video records: if that device fails during the export, the video starts again with frames from the
 * next one.
 *
 * @returns the file’s size in bytes
 * @throws StudioError DEVICE_FAILED if the device keeps changing; EXISTS at once if a file is there that may not be
 *   replaced, because encoding the pictures can take long
 */
export async function runVideoExport(
  wanted: ExportRequest,
  signal: AbortSignal,
  report: ReportShare,
): Promise<number> {
  let { model } = wanted
  const { path, overwrite } = wanted
  if (!overwrite && (await wouldReplace(wanted))) {
    throw new StudioError('EXISTS', `Cannot write "${path}": it exists already.`, { path })
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await exportFrom(model, wanted, signal, report)
    } catch (thrown) {
      if (!(thrown instanceof OtherDevice) || attempt === mostAttempts) throw thrown
      // Each request tries the server first, so some requests may be answered by it and others not. A server
      // that merely came back with another version still answers all of them.
      const isOnCpu = thrown.provider === 'cpu'
      if (isOnCpu && model.server?.fallback === 'cpu') model = { ...model, server: undefined, device: 'cpu' }
    }
  }
}

/** @throws OtherDevice if the device changes during the export */
async function exportFrom(
  model: ModelSource,
  wanted: ExportRequest,
  signal: AbortSignal,
  report: ReportShare,
): Promise<number> {
  const { options, size, path, overwrite, choice, plan, decode, total, range } = wanted
  const { fps, scale, enlargement, repeat, quality } = options
  const format = choice.format.id
  const order = shownFrames(total, { format, repeat, range })
  const provenance = await request(
    'animation.provenance',
    { model, plan, decode, target: { format, fps, scale, enlargement, repeat, quality, range } },
    { signal, onProgress: () => report(0, 'Encoding pictures', null) },
  )
  const recorded = (JSON.parse(provenance) as { compute?: ComputeInfo | null }).compute
  // Created only now, because the time per frame must not include encoding the pictures.
  const onProgress = createVideoProgress(wanted, order, report)
  const frameAt = createFrameFetcher(
    { model, plan, decode, order },
    {
      signal,
      onProgress,
      onReport({ compute }) {
        if (compute && recorded && stableJson(compute) !== stableJson(recorded)) {
          throw new OtherDevice(path, compute.provider)
        }
      },
    },
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
    frameAt,
    provenance,
    signal,
    onFrame: (written) => onProgress({ written }),
  })
}

/**
 * Combines frames fetched and frames written into one share. Writing a frame costs about as much as one
 * evaluation.
 */
function createVideoProgress(
  { plan, decode, cleanTimestep }: ExportRequest,
  order: readonly number[],
  report: ReportShare,
) {
  const perPicture = decodeNfe({ ...decode, cleanTimestep }, anyPromptsDiffer(sourcesOf(plan)))
  const [pictures, shown] = [countPictures(plan, order), order.length]
  const eta = createEta(() => performance.now() / 1000)
  let now = { fetched: 0, decoded: 0, written: 0 }
  return (changes: Partial<typeof now>): void => {
    now = { ...now, ...changes }
    const { written } = now
    // On the way back, a picture that the engine no longer keeps is decoded a second time.
    const fetched = Math.min(now.fetched, pictures)
    const share = (fetched * perPicture + written) / (pictures * perPicture + shown)
    report(share, 'Rendering frames', eta(now, { frames: pictures - fetched, shown: shown - written }))
  }
}
