import { stat } from 'node:fs/promises'
import type { ExportTarget } from '#shared/exportTarget'
import { createAtomicFile } from '#files/atomicFile'
import { fitsArgument, startFfmpeg } from './ffmpeg'
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

/** Constant-quality factors of the two encoders: lower is better, and each encoder has its own scale. */
const codecs: Readonly<Record<'mp4' | 'webm', (quality: number) => string[]>> = {
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
  format: 'mp4' | 'webm',
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

/**
 * MP4 (H.264) or WebM (VP9), written by the ffmpeg that is on PATH, with the provenance as the comment unless
 * it is too long. Odd sides are padded with a black line.
 *
 * @throws StudioError MISSING_TOOL if there is no ffmpeg
 */
export async function openVideo(
  target: ExportTarget,
  format: 'mp4' | 'webm',
  frames: FrameLayout,
  provenance: string,
): Promise<FrameSink> {
  const file = await createAtomicFile(target.path, { overwrite: target.overwrite })
  try {
    const options = describeOptions(target, format, frames, provenance)
    const ffmpeg = await startFfmpeg([...options, file.temporaryPath], target.path)
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
  } catch (error) {
    await file.abort()
    throw error
  }
}
