import type { ExportChoice } from '../../export/exportChoice'
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

/** Bits a pixel that smooth pictures of one subject took on average, by format. */
const losslessBits = { gif: 5, apng: 11, png: 11, sheet: 11 }
const webpBitsAtWorst = 0.15
const webpBitsAtBest = 4

/** A guess at the size in bytes, good to about a factor of two. */
export function estimateSize(choice: ExportChoice, shape: ExportShape): number {
  const { width, height, fps, frames, quality } = shape
  const pixels = width * height * frames
  switch (choice.format) {
    case 'mp4':
    case 'webm':
      return (bitrateOf(shape, quality) / 8) * (frames / fps)
    case 'webp':
      return (pixels / 8) * webpBitsAtWorst * (webpBitsAtBest / webpBitsAtWorst) ** (quality / 100)
    default:
      return (pixels * losslessBits[choice.format]) / 8
  }
}
