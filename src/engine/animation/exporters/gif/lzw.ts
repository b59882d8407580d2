/** Codes have at most twelve bits (GIF89a, appendix F). */
const maxCodes = 4096

/** Collects codes of varying width, lowest bit first, and splits the bytes into sub-blocks. */
class CodeWriter {
  private readonly bytes: number[] = []
  private bits = 0
  private held = 0

  write(code: number, width: number): void {
    this.bits |= code << this.held
    for (this.held += width; this.held >= 8; this.held -= 8) {
      this.bytes.push(this.bits & 255)
      this.bits >>>= 8
    }
  }

  finish(): Uint8Array {
    if (this.held > 0) this.bytes.push(this.bits & 255)
    return encodeSubBlocks(Uint8Array.from(this.bytes))
  }
}

/**
 * Encodes data as GIF sub-blocks: pieces of up to 255 bytes, each preceded by its length, and an empty one at
 * the end (section 15).
 */
export function encodeSubBlocks(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255)
    parts.push(Uint8Array.of(part.length), part)
  }
  return Buffer.concat([...parts, Uint8Array.of(0)])
}

/**
 * Compresses colour indices with GIF's variable-length LZW. Returns sub-blocks without the leading code size.
 *
 * @param indices  each below 2 ** bits
 * @param bits  the minimum code size, 2 to 8
 */
export function encodeLzw(indices: Uint8Array, bits: number): Uint8Array {
  const clear = 1 << bits
  const writer = new CodeWriter()
  /** The code of a known string extended by one index; 0 if that string is not known yet. */
  const continued = new Uint16Array(maxCodes << bits)
  let width = bits + 1
  let next = clear + 2
  let string = indices[0]
  writer.write(clear, width)
  for (let i = 1; i < indices.length; i++) {
    const slot = (string << bits) | indices[i]
    if (continued[slot] !== 0) {
      string = continued[slot]
      continue
    }
    writer.write(string, width)
    string = indices[i]
    if (next < maxCodes) {
      // The decoder is one code behind, so the width grows when the first code that does not fit is created,
      // not before.
      if (next === 1 << width) width++
      continued[slot] = next++
    } else {
      writer.write(clear, width)
      continued.fill(0)
      width = bits + 1
      next = clear + 2
    }
  }
  writer.write(string, width)
  // The decoder has just added one more code, which may have widened the end code.
  if (next === 1 << width && width < 12) width++
  writer.write(clear + 1, width)
  return writer.finish()
}
