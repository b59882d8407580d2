/** An 8-bit sRGB picture: RGBA, alpha not premultiplied, row-major from the top left. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>
  readonly width: number
  readonly height: number
}

/** Creates a picture of transparent black. */
export function createPixels(width: number, height: number): Pixels {
  return { data: new Uint8ClampedArray(width * height * 4), width, height }
}

/** Copies a picture into a larger one, with its top left corner at (`left`, `top`). */
export function copyInto(target: Pixels, source: Pixels, left: number, top: number): void {
  for (let y = 0; y < source.height; y++) {
    const row = source.data.subarray(y * source.width * 4, (y + 1) * source.width * 4)
    target.data.set(row, ((top + y) * target.width + left) * 4)
  }
}

/**
 * Halves the width and height. Each pixel is the mean of four, or of fewer at the end of an odd side. Colours
 * are weighted by alpha; alpha is rounded down, so that nothing becomes opaque that was not.
 */
export function halve({ data, width, height }: Pixels): Pixels {
  const half = createPixels(Math.ceil(width / 2), Math.ceil(height / 2))
  for (let y = 0, to = 0; y < half.height; y++) {
    const upper = 2 * y * width * 4
    const lower = Math.min(2 * y + 1, height - 1) * width * 4
    for (let x = 0; x < half.width; x++, to += 4) {
      const left = 8 * x
      const right = Math.min(2 * x + 1, width - 1) * 4
      const [a, b, c, d] = [upper + left, upper + right, lower + left, lower + right]
      const [ofA, ofB, ofC, ofD] = [data[a + 3], data[b + 3], data[c + 3], data[d + 3]]
      const alpha = ofA + ofB + ofC + ofD
      if (alpha === 0) continue
      for (let i = 0; i < 3; i++) {
        const sum = ofA * data[a + i] + ofB * data[b + i] + ofC * data[c + i] + ofD * data[d + i]
        half.data[to + i] = sum / alpha
      }
      half.data[to + 3] = Math.floor(alpha / 4)
    }
  }
  return half
}

/** Returns whether alpha is 255 everywhere. */
export function isOpaque({ data }: { readonly data: Uint8ClampedArray }): boolean {
  for (let alpha = 3; alpha < data.length; alpha += 4) if (data[alpha] !== 255) return false
  return true
}
