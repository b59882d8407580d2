import { isEndless, type Repeat } from '#core/timeline/playOrder'
import type { ExportTarget } from '#shared/exportTarget'
import { encodePngChunk } from '../../image/containers/pngChunks'
import { compressPngPixels, encodePngHead, encodePngText, pngEnd } from '../../image/pngWriter'
import type { FrameFormat } from './fileSink'
import type { FrameLayout } from './frameSink'
import { provenanceKeyword } from './provenanceText'

/**
 * A delay is a fraction of two 16-bit numbers. The first numerator represents frame rates exactly to 1/1000
 * frame per second; rates too fast for it use the second, exact to 1/500.
 */
const delayNumerators = [1000, 500]
const most16Bits = 0xffff

function animationControl(count: number, repeat: Repeat): Buffer {
  const data = Buffer.alloc(8)
  data.writeUInt32BE(count, 0)
  data.writeUInt32BE(isEndless(repeat) ? 0 : 1, 4)
  return encodePngChunk('acTL', data)
}

function frameControl(sequence: number, { width, height }: FrameLayout, fps: number): Buffer {
  const data = Buffer.alloc(26)
  data.writeUInt32BE(sequence, 0)
  data.writeUInt32BE(width, 4)
  data.writeUInt32BE(height, 8)
  const numerator = delayNumerators.find((one) => fps * one <= most16Bits)!
  data.writeUInt16BE(numerator, 20)
  data.writeUInt16BE(Math.round(fps * numerator), 22)
  return encodePngChunk('fcTL', data)
}

function frameData(sequence: number, compressed: Buffer): Buffer {
  const data = Buffer.alloc(4 + compressed.length)
  data.writeUInt32BE(sequence, 0)
  data.set(compressed, 4)
  return encodePngChunk('fdAT', data)
}

/** Animated PNG (PNG specification, third edition, section 11.3.6): lossless, with the provenance as iTXt. */
export function apngFormat(
  { fps, repeat }: ExportTarget,
  frames: FrameLayout,
  provenance: string,
): FrameFormat {
  let sequence = 0
  return {
    head: Buffer.concat([
      encodePngHead(frames.width, frames.height, 3),
      encodePngText(provenanceKeyword, provenance),
      animationControl(frames.count, repeat),
    ]),
    async encodeFrame(pixels) {
      const compressed = await compressPngPixels(pixels, 3)
      // The first frame doubles as the picture that programs without animation support show.
      const isFirst = sequence === 0
      const control = frameControl(sequence++, frames, fps)
      const data = isFirst ? encodePngChunk('IDAT', compressed) : frameData(sequence++, compressed)
      return Buffer.concat([control, data])
    },
    encodeTail: () => pngEnd,
  }
}
