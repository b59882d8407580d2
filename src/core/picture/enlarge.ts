import { createPixels, type Pixels } from './pixels'
import { type Kernel, lanczos3, mitchell, resample } from './resample'

/** A way to enlarge a picture. */
interface EnlargementRow {
  readonly id: string
  readonly title: string
  /** One plain sentence. */
  readonly help: string
  /** The kernel that interpolates between pixels; null if each pixel becomes a square. */
  readonly kernel: Kernel | null
}

/** The ways to enlarge a picture, for the stage and for exports: one row each. */
export const enlargementRows = [
  { id: 'sharp', title: 'Sharp', help: 'Every pixel is a square: exactly what the model made', kernel: null },
  { id: 'smooth', title: 'Smooth', help: 'Soft, with very faint halos at edges', kernel: mitchell },
  {
    id: 'lanczos',
    title: 'Lanczos',
    help: 'Crisper than smooth, with halos three times as strong',
    kernel: lanczos3,
  },
] as const satisfies readonly EnlargementRow[]

export type Enlargement = (typeof enlargementRows)[number]['id']

/** The ids, for schemas. */
export const enlargements = enlargementRows.map(({ id }) => id)

/**
 * Enlarges a picture by a whole factor. Transparent parts turn white unless `factor` is 1 or the enlargement
 * is `sharp`.
 *
 * @param factor  a whole number, at least 1
 */
export function enlarge(pixels: Pixels, factor: number, enlargement: Enlargement): Pixels {
  if (factor === 1) return pixels
  const { kernel } = enlargementRows.find(({ id }) => id === enlargement)!
  if (kernel === null) return repeatPixels(pixels, factor)
  const { width, height } = pixels
  return resample(pixels, { x: 0, y: 0, width, height }, width * factor, height * factor, { kernel })
}

function repeatPixels(source: Pixels, factor: number): Pixels {
  const target = createPixels(source.width * factor, source.height * factor)
  const rowBytes = target.width * 4
  for (let y = 0; y < source.height; y++) {
    const start = y * factor * rowBytes
    for (let x = 0, to = start; x < source.width; x++) {
      const from = (y * source.width + x) * 4
      const pixel = source.data.subarray(from, from + 4)
      for (let copy = 0; copy < factor; copy++, to += 4) target.data.set(pixel, to)
    }
    for (let copy = 1; copy < factor; copy++) {
      target.data.copyWithin(start + copy * rowBytes, start, start + rowBytes)
    }
  }
  return target
}
