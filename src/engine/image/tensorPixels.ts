import { DomainError } from '#core/DomainError'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { createPixels, type Pixels } from '#core/picture/pixels'

/** Standard deviations of a latent between grey and black, and between grey and white. */
const latentDeviations = 3

/** Rec. 709 luma, applied directly to sRGB values. */
const luma = [0.2126, 0.7152, 0.0722]

/**
 * Returns the planes of the single picture in a batch.
 *
 * @throws DomainError for any shape other than [1, 1 or 3, H, W]
 */
export function planesOf(x: Tensor): { planes: Float32Array[]; width: number; height: number } {
  const [count, channels, height, width] = x.shape
  if (count !== 1 || (channels !== 1 && channels !== 3)) {
    throw new DomainError(`A picture is a tensor of shape [1, 1 or 3, H, W], not [${x.shape.join(', ')}].`)
  }
  const size = height * width
  const planes = Array.from({ length: channels }, (_, c) => x.data.subarray(c * size, (c + 1) * size))
  return { planes, width, height }
}

function planesToPixels(x: Tensor, toByte: (value: number) => number): Pixels {
  const { planes, width, height } = planesOf(x)
  const pixels = createPixels(width, height)
  const rgb = planes.length === 3 ? planes : [planes[0], planes[0], planes[0]]
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) pixels.data[i * 4 + c] = Math.floor(toByte(rgb[c][i]) + 0.5)
    pixels.data[i * 4 + 3] = 255
  }
  return pixels
}

/**
 * Converts opaque pixels to a batch of one: [1, C, H, W] on [-1, 1], x / 127.5 - 1. A single channel is the
 * Rec. 709 luma of the sRGB values.
 */
export function pixelsToTensor({ data, width, height }: Pixels, channels: 1 | 3): Tensor {
  const x = createTensor([1, channels, height, width])
  const size = height * width
  for (let i = 0; i < size; i++) {
    const [red, green, blue] = [data[i * 4], data[i * 4 + 1], data[i * 4 + 2]]
    const values = channels === 3 ? [red, green, blue] : [luma[0] * red + luma[1] * green + luma[2] * blue]
    for (let c = 0; c < channels; c++) x.data[c * size + i] = values[c] / 127.5 - 1
  }
  return x
}

/**
 * Converts a picture of shape [1, 1 or 3, H, W] on [-1, 1] to opaque pixels: (x + 1) 127.5, halves rounded
 * up, clamped.
 *
 * @throws DomainError for any other shape
 */
export function tensorToPixels(x: Tensor): Pixels {
  return planesToPixels(x, (value) => (value + 1) * 127.5)
}

/**
 * Visualises a latent of shape [1, C, H, W]: 0 is mid-grey, -3 and +3 standard deviations of N(0, 1) are
 * black and white. If there are not 1 or 3 channels, they are shown in grey, side by side.
 */
export function latentToPixels(x: Tensor): Pixels {
  const channels = x.shape[1]
  const shown = channels === 1 || channels === 3 ? x : sideBySide(x)
  return planesToPixels(shown, (value) => (value / latentDeviations + 1) * 127.5)
}

/**
 * Arranges the channels of one item as tiles of a single plane, as close to a square as possible; unused
 * tiles are 0.
 */
function sideBySide({ data, shape: [, channels, height, width] }: Tensor): Tensor {
  const columns = Math.ceil(Math.sqrt(channels))
  const rows = Math.ceil(channels / columns)
  const tiled = createTensor([1, 1, rows * height, columns * width])
  for (let c = 0; c < channels; c++) {
    const [top, left] = [Math.floor(c / columns) * height, (c % columns) * width]
    for (let y = 0; y < height; y++) {
      const row = data.subarray((c * height + y) * width, (c * height + y + 1) * width)
      tiled.data.set(row, (top + y) * columns * width + left)
    }
  }
  return tiled
}
