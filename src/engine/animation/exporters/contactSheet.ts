import type { ExportTarget } from '#shared/exportTarget'
import { encodePngChunk } from '../../image/containers/pngChunks'
import { copyInto, createPixels, type Pixels } from '#core/picture/pixels'
import { contactSheetLayout } from '#core/picture/contactSheetLayout'
import { encodePngHead, encodePngText, pngEnd, PngCompressor } from '../../image/pngWriter'
import type { FrameFormat } from './fileSink'
import type { FrameLayout } from './frameSink'
import { provenanceKeyword } from './provenanceText'

function createWhite(width: number, height: number): Pixels {
  const pixels = createPixels(width, height)
  pixels.data.fill(255)
  return pixels
}

/**
 * All frames on one PNG picture, row by row from the top left, with the provenance as iTXt. Only one row of
 * frames is held in memory at a time.
 */
export function contactSheetFormat(
  _target: ExportTarget,
  frames: FrameLayout,
  provenance: string,
): FrameFormat {
  const { columns, gap, width, height } = contactSheetLayout(frames)
  const compressor = new PngCompressor(width, 3)
  let strip = createWhite(width, gap + frames.height)
  let placed = 0
  const compress = async (part: Pixels) => {
    const ready = await compressor.add(part)
    return ready.length > 0 ? encodePngChunk('IDAT', ready) : ready
  }
  return {
    head: Buffer.concat([encodePngHead(width, height, 3), encodePngText(provenanceKeyword, provenance)]),
    async encodeFrame(pixels) {
      copyInto(strip, pixels, gap + (placed % columns) * (frames.width + gap), gap)
      placed++
      if (placed % columns !== 0 && placed !== frames.count) return Buffer.alloc(0)
      const full = strip
      strip = createWhite(width, gap + frames.height)
      return compress(full)
    },
    async encodeTail() {
      const below = gap === 0 ? Buffer.alloc(0) : await compress(createWhite(width, gap))
      return Buffer.concat([below, encodePngChunk('IDAT', await compressor.finish()), pngEnd])
    },
  }
}
