import type { ExportTarget } from '#shared/exportTarget'
import { encodePng } from '../../image/encodePicture'
import { encodePngText } from '../../image/pngWriter'
import type { FrameFormat } from './fileSink'
import type { FrameLayout } from './frameSink'
import { provenanceKeyword } from './provenanceText'

const nothing = new Uint8Array()

/** One frame as a PNG picture, with the provenance as iTXt. */
export function stillFormat(_target: ExportTarget, _frames: FrameLayout, provenance: string): FrameFormat {
  return {
    head: nothing,
    encodeFrame: (pixels) => encodePng(pixels, [encodePngText(provenanceKeyword, provenance)]),
    encodeTail: () => nothing,
  }
}
