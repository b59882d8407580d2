import type { Pixels } from '#core/picture/pixels'

/** Reads the pixels of a bitmap. */
export function pixelsOfBitmap(bitmap: ImageBitmap): Pixels {
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
  context.drawImage(bitmap, 0, 0)
  return { data: new Uint8ClampedArray(context.getImageData(0, 0, width, height).data), width, height }
}

/** Returns a canvas with these pixels, to be drawn or encoded. */
export function canvasOfPixels({ data, width, height }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height)
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0)
  return canvas
}
