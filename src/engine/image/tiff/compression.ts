import { constants, inflateSync } from 'node:zlib'

/** Decompresses a block of a TIFF file to at most `size` bytes; a damaged block cannot produce more. */
export type Unpack = (block: Uint8Array, size: number) => Uint8Array

/** PackBits (TIFF 6.0, section 9): runs of a repeated byte and runs of literal bytes. */
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

/**
 * LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, highest bit first. A table entry is a position and
 * length within the output so far.
 */
function unpackLzw(block: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size)
  const [starts, lengths] = [new Uint32Array(tableSize), new Uint32Array(tableSize)]
  let [held, bits, at, to, next, previous, width] = [0, 0, 0, 0, end + 1, 0, 9]
  while (to < size) {
    for (; bits < width && at < block.length; bits += 8) held = ((held << 8) | block[at++]) & 0xffffff
    if (bits < width) break
    bits -= width
    const code = (held >> bits) & ((1 << width) - 1)
    if (code === clear) [next, previous, width] = [end + 1, 0, 9]
    if (code === clear) continue
    if (code === end || code > next || (code === next && previous === 0)) break
    const start = to
    if (code < clear) out[to++] = code
    else {
      const from = code === next ? to - previous : starts[code]
      const last = Math.min(size, to + (code === next ? previous + 1 : lengths[code]))
      // Copies byte by byte because the source may overlap the destination.
      for (let i = from; to < last;) out[to++] = out[i++]
    }
    if (previous > 0 && next < tableSize) {
      starts[next] = start - previous
      lengths[next++] = previous + 1
      // The code width grows one entry early, as in Aldus's original program and all others since.
      width = Math.min(12, 32 - Math.clz32(next + 1))
    }
    previous = to - start
  }
  return out.subarray(0, to)
}

/**
 * Deflate (TIFF Technical Note, Adobe Photoshop 2002). A single chunk of the full size, because joining
 * several would take twice the memory. Returns what is there of a truncated block, as the others do.
 */
function inflate(block: Uint8Array, size: number): Uint8Array {
  return inflateSync(block, {
    maxOutputLength: size,
    chunkSize: Math.max(64, size),
    finishFlush: constants.Z_SYNC_FLUSH,
  })
}

/** Decompressors of blocks by compression number; JPEG is handled separately. */
export const unpackers: Readonly<Record<number, Unpack>> = {
  5: unpackLzw,
  8: inflate,
  32773: unpackBits,
  32946: inflate,
}
