/** One marker segment; if it starts a scan, with the entropy-coded data that follows. */
export interface JpegSegment {
  readonly code: number
  readonly data: Buffer
  /** The whole segment as stored in the file. */
  readonly bytes: Buffer
  /** Bytes of entropy-coded data after the segment; 0 unless it starts a scan. */
  readonly entropyBytes: number
}

const startOfScan = 0xda
const progressive = new Set([0xc2, 0xca])

/** Whether a frame's scans refine each other. */
export function isProgressive({ code }: JpegSegment): boolean {
  return progressive.has(code)
}

/** Number of coefficients in a block of 8 x 8 pixels. */
const coefficients = 64

/**
 * Returns how many low bits of each coefficient no scan provides, by component; 255 if no scan covers it
 * at all.
 */
function missingBits(segments: readonly JpegSegment[]): Map<number, Uint8Array> {
  const frame = segments.find(
    ({ code, data }) => code >= 0xc0 && code <= 0xca && code !== 0xc4 && data.length > 6,
  )
  const missing = new Map<number, Uint8Array>()
  if (!frame) return missing
  const components = frame.data.readUInt8(5)
  for (let i = 0; i < components; i++) {
    missing.set(frame.data.readUInt8(6 + i * 3), new Uint8Array(coefficients).fill(255))
  }
  for (const { code, data } of segments) {
    if (code !== startOfScan) continue
    const count = data.readUInt8(0)
    const spectrum = data.subarray(1 + count * 2)
    const [first, last, bits] = isProgressive(frame)
      ? [spectrum.readUInt8(0), spectrum.readUInt8(1), spectrum.readUInt8(2) & 15]
      : [0, coefficients - 1, 0]
    for (let i = 0; i < count; i++) missing.get(data.readUInt8(1 + i * 2))?.fill(bits, first, last + 1)
  }
  return missing
}

/**
 * Whether a JPEG's scans omit some bits of some coefficient (ITU-T T.81, section G.1.1). A file that was cut
 * off between two scans is shown coarse, or without its colours.
 *
 * @throws RangeError if a header ends early
 */
export function lacksCoefficients(segments: readonly JpegSegment[]): boolean {
  return [...missingBits(segments).values()].some((component) => component.some((bits) => bits > 0))
}

/** Returns noise without 0xFF, the same in every run. */
function noise(length: number): Buffer {
  let state = 12345
  return Buffer.from(Array.from({ length }, () => (state = (state * 48271) % 2147483647) % 255))
}

/**
 * Noise between all eight restart markers, so that a decoder finds something to read whichever interval it
 * is in.
 */
const filler = Buffer.concat(
  Array.from({ length: 32 }, (_, i) => [noise(64), Buffer.from([0xff, 0xd0 + (i & 7)])]).flat(),
)

/**
 * Adds noise after the pixel data of a JPEG. A decoder reads no further than the last pixel, so the picture
 * changes only if some pixels are missing.
 *
 * @param bytes  a file that ends with the end-of-image marker
 */
export function appendNoise(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, -2), filler, bytes.subarray(-2)])
}
