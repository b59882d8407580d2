import type { ExportChoice } from '../../export/exportChoice'
import { bitrateOf } from '../../export/videoCodecs'

/** Everything that the size of an export depends on. */
export interface ExportShape {
  width: number
  height: number
  fps: number
  quality: number
  /** Number of frames in the file, including those of the way back. */
  frames: number
}

/**
 * Estimates the size in bytes. The estimate is correct to a factor of about two if frames are enlarged four
 * times.
 */
export function estimateSize(
  { format, video }: Pick<ExportChoice, 'format' | 'video'>,
  shape: ExportShape,
): number {
  const { width, height, fps, frames, quality } = shape
  if (video) return (bitrateOf(video, shape, quality) / 8) * (frames / fps)
  return (width * height * frames * format.bitsPerPixel(quality)) / 8
}
