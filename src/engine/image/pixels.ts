/** An 8-bit sRGB picture: RGBA, alpha not premultiplied, row-major from the top left. */
export interface Pixels {
  readonly data: Uint8ClampedArray<ArrayBuffer>
  readonly width: number
  readonly height: number
}

/** Makes a picture of transparent black. */
export function createPixels(width: number, height: number): Pixels {
  return { data: new Uint8ClampedArray(width * height * 4), width, height }
}

/** Whether alpha is 255 everywhere. */
export function isOpaque({ data }: { readonly data: Uint8ClampedArray }): boolean {
  for (let alpha = 3; alpha < data.length; alpha += 4) if (data[alpha] !== 255) return false
  return true
}
