import { stat } from 'node:fs/promises'
import type { ExportTarget } from '#shared/exportTarget'
import { type AtomicFile, createAtomicFile } from '#files/atomicFile'
import { type Ffmpeg, fitsArgument, startFfmpeg } from './ffmpeg'
import type { FrameLayout, FrameSink } from './frameSink'

/**
 * 4:2:0 halves both sides, so they are padded to even lengths. BT.709 is stated because some players assume
 * BT.601 otherwise.
 */
const conversion =
  'pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int,format=yuv420p'
const colour = [
  '-colorspace',
  'bt709',
  '-color_primaries',
  'bt709',
  '-color_trc',
  'bt709',
  '-color_range',
  'tv',
]

/** The formats that ffmpeg writes. */
type VideoFormat = 'mp4' | 'webm'

/** Constant-quality factors of the two encoders: lower is better, and each encoder has its own scale. */
const codecs: Readonly<Record<VideoFormat, (quality: number) => string[]>> = {
  mp4: (quality) => [
    '-c:v',
    'libx264',
    '-crf',
    String(Math.round(42 - 0.3 * quality)),
    '-movflags',
    '+faststart',
  ],
  webm: (quality) => [
    '-c:v',
    'libvpx-vp9',
    '-crf',
    String(Math.round(63 - 0.5 * quality)),
    '-b:v',
    '0',
    '-row-mt',
    '1',
  ],
}

function describeOptions(
  { fps, quality }: ExportTarget,
  format: VideoFormat,
  { width, height }: FrameLayout,
  provenance: string,
): string[] {
  const input = ['-f', 'rawvideo', '-pixel_format', 'rgba', '-video_size', `${width}x${height}`]
  const metadata = fitsArgument(provenance) ? ['-metadata', `comment=${provenance}`] : []
  return [
    ...['-y', ...input, '-framerate', String(fps), '-i', 'pipe:0'],
    ...['-vf', conversion, ...codecs[format](quality), ...colour, ...metadata, '-f', format],
  ]
}

/** Starts ffmpeg on a new file; whoever calls this aborts or commits the file. */
async function startVideo(
  target: ExportTarget,
  format: VideoFormat,
  frames: FrameLayout,
  provenance: string,
): Promise<{ file: AtomicFile; ffmpeg: Ffmpeg }> {
  const file = await createAtomicFile(target.path, { overwrite: target.overwrite })
  try {
    const options = describeOptions(target, format, frames, provenance)
    return { file, ffmpeg: await startFfmpeg([...options, file.temporaryPath], target.path) }
  } catch (error) {
    await file.abort()
    throw error
  }
}

/** Large enough for every encoder, and small enough to take no time. */
const rehearsedFrame = { width: 64, height: 64, count: 1 }

/**
 * Encodes one small black frame with the options of a video and discards it. Only this shows whether ffmpeg
 * has the encoder and can write to the target.
 *
 * @throws StudioError MISSING_TOOL if there is no ffmpeg or it lacks the encoder; UNWRITABLE, EXISTS
 */
export async function rehearseVideo(target: ExportTarget, format: VideoFormat): Promise<void> {
  const { file, ffmpeg } = await startVideo(target, format, rehearsedFrame, '')
  try {
    const { width, height } = rehearsedFrame
    await ffmpeg.write(new Uint8Array(width * height * 4))
    await ffmpeg.finish()
  } finally {
    await file.abort()
  }
}

/**
 * MP4 (H.264) or WebM (VP9), written by the ffmpeg that is on PATH, with the provenance as the comment unless
 * it is too long. Odd sides are padded with a black line.
 *
 * @throws StudioError MISSING_TOOL if there is no ffmpeg
 */
export async function openVideo(
  target: ExportTarget,
  format: VideoFormat,
  frames: FrameLayout,
  provenance: string,
): Promise<FrameSink> {
  const { file, ffmpeg } = await startVideo(target, format, frames, provenance)
  return {
    temporaryPath: file.temporaryPath,
    add: ({ data }) => ffmpeg.write(new Uint8Array(data.buffer, data.byteOffset, data.length)),
    async finish() {
      await ffmpeg.finish()
      const { size } = await stat(file.temporaryPath)
      await file.commit()
      return { bytes: size }
    },
    async abort() {
      await ffmpeg.kill()
      await file.abort()
    },
  }
}
