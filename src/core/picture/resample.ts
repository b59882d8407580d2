import { createPixels, isOpaque, type Pixels } from './pixels'

/** A rectangle in pixels of a picture; fractions are allowed. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number]

/** The default background of transparent pictures. */
export const white: Colour = [255, 255, 255]

/** The source pixels that make up a target pixel: `weights[i]` of pixel `first + i`. The weights sum to 1. */
interface Taps {
  readonly first: number
  readonly weights: Float64Array
}

/** The weight of a pixel at a distance, in pixels of the smaller of the two pictures; 0 from `reach` on. */
export interface Kernel {
  readonly reach: number
  readonly at: (distance: number) => number
}

/** Lanczos' kernel sinc(x) sinc(x / 3), |x| < 3 (Duchon 1979). */
export const lanczos3: Kernel = {
  reach: 3,
  at(x) {
    if (x === 0) return 1
    if (Math.abs(x) >= 3) return 0
    const angle = Math.PI * x
    return (3 * Math.sin(angle) * Math.sin(angle / 3)) / (angle * angle)
  },
}

/**
 * Mitchell and Netravali's cubic with B = C = 1/3 (SIGGRAPH 1988, eq. 8): softer than Lanczos. At an edge it
 * overshoots by 4 % of the step, Lanczos by 12 %.
 */
export const mitchell: Kernel = {
  reach: 2,
  at(distance) {
    const x = Math.abs(distance)
    if (x >= 2) return 0
    return x < 1 ? (21 * x ** 3 - 36 * x ** 2 + 16) / 18 : (-7 * x ** 3 + 36 * x ** 2 - 60 * x + 32) / 18
  },
}

/**
 * Returns the taps of every target pixel along one axis. When a picture shrinks, the kernel widens with it,
 * so no source pixel is skipped and nothing aliases. At the edges, the weights are renormalised over the
 * pixels that exist.
 */
function tapsAlong(
  [start, length]: readonly [number, number],
  sourceSize: number,
  targetSize: number,
  { reach, at }: Kernel,
): Taps[] {
  const scale = length / targetSize
  const stretch = Math.max(1, scale)
  return Array.from({ length: targetSize }, (_, index) => {
    const centre = start + (index + 0.5) * scale - 0.5
    const first = Math.max(0, Math.ceil(centre - reach * stretch))
    const last = Math.min(sourceSize - 1, Math.floor(centre + reach * stretch))
    const weights = Float64Array.from({ length: last - first + 1 }, (_tap, i) =>
      at((first + i - centre) / stretch),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return { first, weights: weights.map((weight) => weight / sum) }
  })
}

/** Resamples one opaque row to the target width: the same sums as for any row, without those for alpha. */
function resampleOpaqueRow(
  data: Uint8ClampedArray,
  start: number,
  columns: readonly Taps[],
  out: Float32Array,
): void {
  let to = 0
  for (const { first, weights } of columns) {
    let red = 0
    let green = 0
    let blue = 0
    for (let i = 0, at = start + first * 4; i < weights.length; i++, at += 4) {
      const weight = weights[i]
      red += weight * data[at]
      green += weight * data[at + 1]
      blue += weight * data[at + 2]
    }
    out[to++] = red
    out[to++] = green
    out[to++] = blue
    out[to++] = 255
  }
}

/**
 * Resamples rows `top` … `bottom - 1` of the source to the target width, with colours premultiplied by alpha,
 * on 0 … 255.
 */
function resampleRows(
  { data, width }: Pixels,
  columns: readonly Taps[],
  top: number,
  bottom: number,
): Float32Array {
  const rows = new Float32Array((bottom - top) * columns.length * 4)
  let out = 0
  for (let y = top; y < bottom; y++) {
    const [start, end] = [y * width * 4, (y + 1) * width * 4]
    if (isOpaque({ data: data.subarray(start, end) })) {
      resampleOpaqueRow(data, start, columns, rows.subarray(out, out + columns.length * 4))
      out += columns.length * 4
      continue
    }
    for (const { first, weights } of columns) {
      let red = 0
      let green = 0
      let blue = 0
      let alpha = 0
      for (let i = 0, at = (y * width + first) * 4; i < weights.length; i++, at += 4) {
        const weight = weights[i] * data[at + 3]
        red += weight * data[at]
        green += weight * data[at + 1]
        blue += weight * data[at + 2]
        alpha += weight
      }
      rows[out++] = red / 255
      rows[out++] = green / 255
      rows[out++] = blue / 255
      rows[out++] = alpha
    }
  }
  return rows
}

/** The options of {@link resample}. */
export interface ResampleOptions {
  /** The background of transparent parts; white if omitted. */
  readonly background?: Colour
  /** Lanczos-3 if omitted. */
  readonly kernel?: Kernel
}

/**
 * Scales a part of a picture to `width` x `height` with a kernel in both directions and composites it over a
 * colour, so that the result is opaque. Works directly on sRGB values, as Pillow and torchvision do, so that
 * pictures look to a model like those it was trained on.
 *
 * @param region  the part of the source; its edges may fall between pixels, but not outside the picture
 */
export function resample(
  source: Pixels,
  region: Rectangle,
  width: number,
  height: number,
  { background = white, kernel = lanczos3 }: ResampleOptions = {},
): Pixels {
  const columns = tapsAlong([region.x, region.width], source.width, width, kernel)
  const lines = tapsAlong([region.y, region.height], source.height, height, kernel)
  const top = lines[0].first
  const lastLine = lines[height - 1]
  const rows = resampleRows(source, columns, top, lastLine.first + lastLine.weights.length)
  const target = createPixels(width, height)
  lines.forEach(({ first, weights }, y) => {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0, 0]
      for (let i = 0; i < weights.length; i++) {
        const at = ((first - top + i) * width + x) * 4
        for (let channel = 0; channel < 4; channel++) sums[channel] += weights[i] * rows[at + channel]
      }
      const out = (y * width + x) * 4
      for (let channel = 0; channel < 3; channel++) {
        target.data[out + channel] = Math.round(sums[channel] + (1 - sums[3] / 255) * background[channel])
      }
      target.data[out + 3] = 255
    }
  })
  return target
}
