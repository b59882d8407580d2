import { isEndless, type Repeat } from '#core/timeline/playOrder'
import type { ExportTarget } from '#shared/exportTarget'
import { encodeRiffChunk, webpChunks } from '../../image/containers/webp'
import { encodeWebp } from '../../image/encodePicture'
import type { AtomicFile } from '#files/atomicFile'
import type { FrameFormat } from './fileSink'
import type { FrameLayout } from './frameSink'
import { frameTicks } from './frameTiming'

const flags = { animation: 0x02, xmp: 0x04 }
const dontBlend = 0x02

function encodeHead({ width, height }: FrameLayout, repeat: Repeat): Buffer {
  const extended = Buffer.alloc(10)
  extended.writeUInt8(flags.animation | flags.xmp, 0)
  extended.writeUIntLE(width - 1, 4, 3)
  extended.writeUIntLE(height - 1, 7, 3)
  const animation = Buffer.alloc(6)
  animation.writeUInt16LE(isEndless(repeat) ? 0 : 1, 4)
  return Buffer.concat([
    Buffer.from('RIFF\0\0\0\0WEBP', 'latin1'),
    encodeRiffChunk({ type: 'VP8X', data: extended }),
    encodeRiffChunk({ type: 'ANIM', data: animation }),
  ])
}

function encodeFrame({ width, height }: FrameLayout, milliseconds: number, file: Uint8Array): Buffer {
  const header = Buffer.alloc(16)
  header.writeUIntLE(width - 1, 6, 3)
  header.writeUIntLE(height - 1, 9, 3)
  header.writeUIntLE(milliseconds, 12, 3)
  header.writeUInt8(dontBlend, 15)
  const bitstream = [...webpChunks(Buffer.from(file))].filter(
    ({ type }) => type === 'VP8 ' || type === 'VP8L',
  )
  return encodeRiffChunk({ type: 'ANMF', data: Buffer.concat([header, ...bitstream.map(encodeRiffChunk)]) })
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Encodes the provenance as dc:description in an XMP packet, where image tools look for text. */
function encodeXmp(provenance: string): Buffer {
  const text = provenance.replace(/[&<>]/g, (character) => entities[character])
  return Buffer.from(
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
      '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>' +
      `<rdf:li xml:lang="x-default">${text}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>`,
  )
}

/** Writes the file's size into the RIFF header, at byte 4; it is known only at the end. */
async function writeRiffSize(file: AtomicFile, bytes: number): Promise<void> {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(bytes - 8)
  await file.write(size, 4)
}

/** Animated WebP (RFC 9649, section 2.7.1), with the provenance as XMP. Quality 100 is lossless. */
export function webpFormat(target: ExportTarget, frames: FrameLayout, provenance: string): FrameFormat {
  let index = 0
  return {
    head: encodeHead(frames, target.repeat),
    async encodeFrame(pixels) {
      const file = await encodeWebp(pixels, target.quality)
      return encodeFrame(frames, frameTicks(index++, target.fps, 1000), file)
    },
    encodeTail: () => encodeRiffChunk({ type: 'XMP ', data: encodeXmp(provenance) }),
    patch: writeRiffSize,
  }
}
