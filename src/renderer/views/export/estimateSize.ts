import type { ExportFormatInfo } from '#shared/exportFormats'
import { bitrateOf } from '../../export/videoCodecs'

/** What the size of an export depends on. */
export interface ExportShape {
  width: number
  height: number
  fps: number
  quality: number
  /** Frames in the file: those of the way back count too. */
  frames: number
}

/** A guess at the size in bytes, good to about a factor of two where frames are enlarged four times. */
export function estimateSize(format: ExportFormatInfo, shape: ExportShape): number {
  const { width, height, fps, frames, quality } = shape
  if (format.video) return (bitrateOf(shape, quality) / 8) * (frames / fps)
  return (width * height * frames * format.bitsPerPixel(quality)) / 8
}
