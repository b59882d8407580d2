/**
 * The colour space that video players assume. If a video declares none or another one, some players show pure
 * red as 255, 23, 0.
 */
export const bt709: VideoColorSpaceInit = {
  primaries: 'bt709',
  transfer: 'bt709',
  matrix: 'bt709',
  fullRange: false,
}

/** Weights of red and blue in luma (ITU-R BT.709, table 3.2). */
const [red, blue] = [0.2126, 0.0722]
const green = 1 - red - blue

/** Widths of the 8-bit ranges: 16 to 235 for luma, 16 to 240 around 128 for colour differences. */
const [lumaRange, chromaRange] = [219, 224]

/**
 * Converts pixels to the planes of BT.709 in limited range, 4:2:0: luma, then blue and red difference at half
 * the width and height, each the mean of four pixels. Browsers convert a canvas with BT.601 instead, whatever
 * its size.
 *
 * @param rgba  [height, width, 4], opaque; both sides even
 */
export function toI420(rgba: Uint8ClampedArray, width: number, height: number): Uint8Array<ArrayBuffer> {
  const [lumaSize, chromaSize] = [width * height, (width * height) / 4]
  const planes = new Uint8Array(lumaSize + 2 * chromaSize)
  for (let at = 0; at < lumaSize; at++) {
    planes[at] = Math.round(16 + (lumaRange / 255) * lumaOf(rgba, at * 4))
  }
  for (let row = 0, to = lumaSize; row < height; row += 2) {
    for (let column = 0; column < width; column += 2, to++) {
      const at = (row * width + column) * 4
      const r = meanOfFour(rgba, at, width)
      const g = meanOfFour(rgba, at + 1, width)
      const b = meanOfFour(rgba, at + 2, width)
      const luma = red * r + green * g + blue * b
      planes[to] = Math.round(128 + ((chromaRange / 255) * (b - luma)) / (2 * (1 - blue)))
      planes[to + chromaSize] = Math.round(128 + ((chromaRange / 255) * (r - luma)) / (2 * (1 - red)))
    }
  }
  return planes
}

function lumaOf(rgba: Uint8ClampedArray, at: number): number {
  return red * rgba[at] + green * rgba[at + 1] + blue * rgba[at + 2]
}

function meanOfFour(rgba: Uint8ClampedArray, at: number, width: number): number {
  const below = at + width * 4
  return (rgba[at] + rgba[at + 4] + rgba[below] + rgba[below + 4]) / 4
}
