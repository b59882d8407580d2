import { exportFormat } from '#shared/exportFormats'
import { canEncodeVideo, Quality } from 'mediabunny'

/** A video codec, with its common name and its name in WebCodecs. */
export interface VideoChoice {
  readonly codec: 'avc' | 'vp9' | 'av1'
  readonly format: 'mp4' | 'webm'
  readonly name: string
  /** What it is good for, in a few words. */
  readonly purpose: string
  /** Its bits per pixel for a quality, as a share of those of its format's row. */
  readonly bitrateShare: number
}

export const videoCodecs: readonly VideoChoice[] = [
  {
    codec: 'avc',
    format: 'mp4',
    name: 'MP4 · H.264',
    purpose: exportFormat('mp4').purpose,
    bitrateShare: 1,
  },
  {
    codec: 'vp9',
    format: 'webm',
    name: 'WebM · VP9',
    purpose: exportFormat('webm').purpose,
    bitrateShare: 1,
  },
  {
    codec: 'av1',
    format: 'webm',
    name: 'WebM · AV1',
    purpose: 'The smallest file, needs a recent player',
    // AV1 was designed to need 30% less than VP9.
    bitrateShare: 0.7,
  },
]

/** What an encoder has to handle. Sides are even numbers of pixels. */
export interface VideoShape {
  width: number
  height: number
  fps: number
}

const leastBitrate = 150_000

/** Returns the bits per second for a quality of 1 to 100. */
export function bitrateOf(
  { format, bitrateShare }: Pick<VideoChoice, 'format' | 'bitrateShare'>,
  { width, height, fps }: VideoShape,
  quality: number,
): number {
  const bitsPerPixel = exportFormat(format).bitsPerPixel(quality) * bitrateShare
  return Math.max(leastBitrate, Math.round(width * height * fps * bitsPerPixel))
}

/** Rounds up to an even number, because video codecs halve the colour planes. */
export function evenSide(pixels: number): number {
  return Math.ceil(pixels / 2) * 2
}

/** Returns the codecs that this machine can really encode at this size. */
export async function supportedVideo(shape: VideoShape): Promise<VideoChoice[]> {
  const { width, height, fps } = shape
  const able = await Promise.all(
    videoCodecs.map((choice) => {
      const quality = new Quality({ bitrate: bitrateOf(choice, shape, 80) })
      return canEncodeVideo(choice.codec, { width, height, quality, frameRate: fps })
    }),
  )
  return videoCodecs.filter((_choice, index) => able[index])
}
