import { inflateSync } from 'node:zlib'

/** Unpacks a block of a TIFF file to at most `size` bytes: what a damaged one has beyond is not made. */
export type Unpack = (block: Uint8Array, size: number) => Uint8Array

/** PackBits (TIFF 6.0, section 9): runs of one byte, and runs as they are. */
function unpackBits(block: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  let to = 0
  for (let at = 0; at < block.length && to < size;) {
    const control = block[at++]
    if (control < 128) {
      const run = block.subarray(at, Math.min(at + control + 1, at + size - to))
      out.set(run, to)
      at += control + 1
      to += run.length
    } else if (control > 128) {
      const end = Math.min(size, to + 257 - control)
      out.fill(block[at++], to, end)
      to = end
    }
  }
  return out.subarray(0, to)
}

const clear = 256
const end = 257
const tableSize = 4096

/** Codes of 9 to 12 bits, the highest bit first; `widthOf` tells how wide the next one is. */
function* codesOf(block: Uint8Array, widthOf: () => number): Generator<number> {
  let [held, bits] = [0, 0]
  for (const byte of block) {
    held = ((held << 8) | byte) & 0xffffff
    bits += 8
    const width = widthOf()
    if (bits < width) continue
    bits -= width
    yield (held >> bits) & ((1 << width) - 1)
  }
}

/** LZW (TIFF 6.0, section 13). An entry of the table is a part of what was written before: where it lies, and how long. */
function unpackLzw(block: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  const [starts, lengths] = [new Uint32Array(tableSize), new Uint32Array(tableSize)]
  let [to, next, previous] = [0, end + 1, 0]
  // A code's width grows one entry early, which Aldus' first program did and all have done since.
  const width = () => Math.min(12, 32 - Math.clz32(Math.max(next + 1, 256)))
  for (const code of codesOf(block, width)) {
    if (code === end || to >= size || code > next) break
    if (code === clear) {
      next = end + 1
      previous = 0
      continue
    }
    const start = to
    const isNew = code === next
    if (isNew && previous === 0) break
    const from = code < clear ? -1 : isNew ? to - previous : starts[code]
    const length = Math.min(size - to, code < clear ? 1 : isNew ? previous + 1 : lengths[code])
    // Byte by byte: the part may reach into what is being written.
    for (let i = 0; i < length; i++) out[to++] = from < 0 ? code : out[from + i]
    if (previous > 0 && next < tableSize) {
      starts[next] = start - previous
      lengths[next++] = previous + 1
    }
    previous = length
  }
  return out.subarray(0, to)
}

/** Deflate (TIFF Technical Note, Adobe Photoshop 2002). One piece of the whole size: several would be joined, in twice the memory. */
function inflate(block: Uint8Array, size: number): Uint8Array {
  return inflateSync(block, { maxOutputLength: size, chunkSize: Math.max(64, size) })
}

/** How blocks are unpacked, by the number of the compression; JPEG is not among them. */
export const unpackers: Readonly<Record<number, Unpack>> = {
  5: unpackLzw,
  8: inflate,
  32773: unpackBits,
  32946: inflate,
}
