import { isEndless, type Repeat } from '#core/timeline/playOrder'
import type { ExportTarget } from '#shared/exportTarget'
import type { FrameFormat } from '../fileSink'
import type { FrameLayout } from '../frameSink'
import { frameTicks } from '../frameTiming'
import { toAsciiJson } from '../provenanceText'
import { mapToPalette } from './dither'
import { encodeLzw, encodeSubBlocks } from './lzw'
import type { Palette } from '#core/picture/nearestColour'
import { choosePalette } from '#core/picture/palette'

/** Indices always have eight bits: smaller palettes are padded. */
const bits = 8

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, i) => bytes.writeUInt16LE(value, i * 2))
  return bytes
}

/** The Netscape application extension; 0 repeats forever. */
function encodeRepeat(): Buffer {
  return Buffer.concat([
    Buffer.from('\x21\xff\x0bNETSCAPE2.0', 'latin1'),
    encodeSubBlocks(Uint8Array.of(1, 0, 0)),
  ])
}

function encodeHead({ width, height }: FrameLayout, repeat: Repeat, provenance: string): Buffer {
  const comment = encodeSubBlocks(Buffer.from(toAsciiJson(provenance), 'latin1'))
  return Buffer.concat([
    Buffer.from('GIF89a', 'latin1'),
    u16(width, height),
    Uint8Array.of(0, 0, 0),
    isEndless(repeat) ? encodeRepeat() : Buffer.alloc(0),
    Uint8Array.of(0x21, 0xfe),
    comment,
  ])
}

function encodeFrame(
  { width, height }: FrameLayout,
  delay: number,
  palette: Palette,
  indices: Uint8Array,
): Buffer {
  const colourTable = new Uint8Array(3 << bits)
  colourTable.set(palette)
  return Buffer.concat([
    // Graphic control extension: the frame stays until the next one covers it.
    Uint8Array.of(0x21, 0xf9, 4, 1 << 2),
    u16(delay),
    Uint8Array.of(0, 0, 0x2c),
    u16(0, 0, width, height),
    Uint8Array.of(0x80 | (bits - 1)),
    colourTable,
    Uint8Array.of(bits),
    encodeLzw(indices, bits),
  ])
}

/** Animated GIF (GIF89a) with a separate palette for every frame, and the provenance as a comment. */
export function gifFormat(
  { fps, repeat }: ExportTarget,
  frames: FrameLayout,
  provenance: string,
): FrameFormat {
  let index = 0
  return {
    head: encodeHead(frames, repeat, provenance),
    encodeFrame(pixels) {
      const palette = choosePalette(pixels)
      return encodeFrame(frames, frameTicks(index++, fps, 100), palette, mapToPalette(pixels, palette))
    },
    encodeTail: () => Uint8Array.of(0x3b),
  }
}
