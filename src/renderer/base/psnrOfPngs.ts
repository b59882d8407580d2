import { psnrOf } from '#core/diffusion/fidelity'
import { pixelsOfBitmap } from './bitmapPixels'
import { pngBlob } from './pngBlob'

/** Returns the peak signal-to-noise ratio of two PNG pictures of the same size, in dB. */
export async function psnrOfPngs(a: Uint8Array, b: Uint8Array): Promise<number> {
  return psnrOfPixels(await pixelsOf(a), await pixelsOf(b))
}

/** The same for RGBA pixels; alpha is ignored. */
export function psnrOfPixels(a: Uint8ClampedArray, b: Uint8ClampedArray): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) {
    if (at % 4 !== 3) sum += (a[at] - b[at]) ** 2
  }
  return psnrOf(sum / ((a.length / 4) * 3) / 255 ** 2)
}

async function pixelsOf(png: Uint8Array): Promise<Uint8ClampedArray> {
  const bitmap = await createImageBitmap(pngBlob(png))
  const { data } = pixelsOfBitmap(bitmap)
  bitmap.close()
  return data
}
