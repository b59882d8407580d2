import { rm, stat, writeFile } from 'node:fs/promises'
import type { ExportTarget } from '#shared/exportTarget'
import { type AtomicFile, createAtomicFile } from '#files/atomicFile'
import { explained } from '#files/fileErrors'
import { temporarySibling } from '#files/temporarySibling'
import { describeTags, type Ffmpeg, startFfmpeg } from './ffmpeg'
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

/** @param tags  path of a file with the tags of the video, see {@link describeTags} */
function describeOptions(
  { fps, quality }: ExportTarget,
  format: VideoFormat,
  { width, height }: FrameLayout,
  tags: string,
): string[] {
  const input = ['-f', 'rawvideo', '-pixel_format', 'rgba', '-video_size', `${width}x${height}`]
  return [
    ...['-y', ...input, '-framerate', String(fps), '-i', 'pipe:0', '-f', 'ffmetadata', '-i', tags],
    ...['-map_metadata', '1', '-vf', conversion, ...codecs[format](quality), ...colour, '-f', format],
  ]
}

/** A video that ffmpeg is writing. */
interface Film {
  readonly file: AtomicFile
  readonly ffmpeg: Ffmpeg
  /** Removes everything but the file that was committed. */
  discard(): Promise<void>
}

/** Starts ffmpeg on a new file, which whoever calls this commits or discards. */
async function startVideo(
  target: ExportTarget,
  format: VideoFormat,
  frames: FrameLayout,
  provenance: string,
): Promise<Film> {
  const file = await createAtomicFile(target.path, { overwrite: target.overwrite })
  // A file, because systems limit the length of an argument, and a provenance grows with its stops.
  const tags = temporarySibling(file.temporaryPath)
  const removeFiles = async () => {
    await rm(tags, { force: true }).catch(() => undefined)
    await file.abort()
  }
  try {
    await explained(target.path, 'write', () => writeFile(tags, describeTags({ comment: provenance })))
    const options = describeOptions(target, format, frames, tags)
    const ffmpeg = await startFfmpeg([...options, file.temporaryPath], target.path)
    const discard = async () => {
      await ffmpeg.kill()
      await removeFiles()
    }
    return { file, ffmpeg, discard }
  } catch (error) {
    await removeFiles()
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
  const { ffmpeg, discard } = await startVideo(target, format, rehearsedFrame, '')
  try {
    const { width, height } = rehearsedFrame
    await ffmpeg.write(new Uint8Array(width * height * 4))
    await ffmpeg.finish()
  } finally {
    await discard()
  }
}

/**
 * MP4 (H.264) or WebM (VP9), written by the ffmpeg that is on PATH, with the provenance as the comment. Odd sides
 * are padded with a black line.
 *
 * @throws StudioError MISSING_TOOL if there is no ffmpeg
 */
export async function openVideo(
  target: ExportTarget,
  format: VideoFormat,
  frames: FrameLayout,
  provenance: string,
): Promise<FrameSink> {
  const { file, ffmpeg, discard } = await startVideo(target, format, frames, provenance)
  return {
    temporaryPath: file.temporaryPath,
    add: ({ data }) => ffmpeg.write(new Uint8Array(data.buffer, data.byteOffset, data.length)),
    async finish() {
      await ffmpeg.finish()
      const { size } = await stat(file.temporaryPath)
      await file.commit()
      await discard()
      return { bytes: size }
    },
    abort: discard,
  }
}
