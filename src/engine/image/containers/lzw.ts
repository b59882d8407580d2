/** The longest code has 12 bits. */
const tableSize = 4096

/** Yields the bytes of a chain of sub-blocks; ends early if the chain does. */
function* subBlockBytes(chain: Buffer): Generator<number> {
  for (let at = 0; at < chain.length && chain[at] > 0; at += 1 + chain[at]) {
    yield* chain.subarray(at + 1, at + 1 + chain[at])
  }
}

/** Yields the codes of a GIF's LZW stream. `widthOf` returns the width of the next code. */
function* codes(chain: Buffer, widthOf: () => number): Generator<number> {
  let [held, bits] = [0, 0]
  for (const byte of subBlockBytes(chain)) {
    held |= byte << bits
    bits += 8
    for (let width = widthOf(); bits >= width; width = widthOf()) {
      yield held & ((1 << width) - 1)
      held >>>= width
      bits -= width
    }
  }
}

/**
 * Whether a GIF frame's pixel data contains at least `pixels` pixels (GIF89a, appendix F). Only lengths are
 * tracked. Needed because decoders silently leave missing pixels blank.
 *
 * @param data  the code size and the sub-blocks after it
 */
export function coversPixels(data: Buffer, pixels: number): boolean {
  const clear = 1 << data[0]
  const lengths = new Uint16Array(tableSize).fill(1, 0, clear)
  let next = clear + 2
  let [width, previous, covered] = [data[0] + 1, 0, 0]
  for (const code of codes(data.subarray(1), () => width)) {
    if (code === clear) {
      next = clear + 2
      width = data[0] + 1
      previous = 0
    } else {
      if (code === clear + 1 || code > next) break
      const length = code < next ? lengths[code] : previous + 1
      covered += length
      if (covered >= pixels) return true
      if (previous > 0 && next < tableSize) {
        lengths[next++] = previous + 1
        if (next === 1 << width && next < tableSize) width++
      }
      previous = length
    }
  }
  return pixels === 0
}
