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

/** Thrown when frames come from another device than the video says in its provenance. */
class OtherDevice extends StudioError {
  /** @param provider  what the frames come from */
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

/** More than the levels that a request can fall from its device to the CPU. */
const mostAttempts = 6

/**
 * Exports a video: the engine renders the frames and the window encodes them. All of its frames come from the device
 * that it records: if that fails on the way, the video is begun again with the frames of the next one.
 *
 * @returns the file's size in bytes
 * @throws StudioError DEVICE_FAILED if the device goes on changing
 */
export async function runVideoExport(
  wanted: ExportRequest,
  signal: AbortSignal,
  report: ReportShare,
): Promise<number> {
  let { model } = wanted
  for (let attempt = 1; ; attempt++) {
    try {
      return await exportFrom(model, wanted, signal, report)
    } catch (thrown) {
      if (!(thrown instanceof OtherDevice) || attempt === mostAttempts) throw thrown
      // Each request asks the server first, which may answer some and not others. One that only came back with another
      // version still answers all.
      const isOnCpu = thrown.provider === 'cpu'
      if (isOnCpu && model.server?.fallback === 'cpu') model = { ...model, server: undefined, device: 'cpu' }
    }
  }
}

/** @throws OtherDevice if the device changes on the way */
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
  // Only now: the clock of frames starts when the pictures are encoded.
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

/** Combines pictures fetched and frames written into one share. Writing a frame costs about one evaluation. */
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
    // A picture that the engine no longer keeps is decoded again on the way back.
    const fetched = Math.min(now.fetched, pictures)
    const share = (fetched * perPicture + written) / (pictures * perPicture + shown)
    report(share, 'Rendering frames', eta(now, { frames: pictures - fetched, shown: shown - written }))
  }
}
