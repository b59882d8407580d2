import type { Tensor } from '#core/diffusion/tensor'
import { createKeyedGaussian } from '#core/diffusion/gaussian'
import { drawDirections, project, type Directions } from '#core/statistics/slicedWasserstein'

const projections = 512
const levels = 4
const filters = 64
/** Side of a filter. */
const tap = 5
/** Responses are averaged over a grid with this many cells per side. */
const cells = 4

/** Projections of a picture onto the directions of each view: its pixels, then the levels of its pyramid. */
export type Slices = readonly Float32Array[]

/**
 * Prepares the views of pictures of one size: all pixels, and at each of four scales the responses of random
 * 5x5 filters of zero mean, rectified and averaged over 4x4 cells, which show how much of which texture is
 * where. The seeds are fixed: equal pictures give equal numbers on every machine.
 */
export function createSlicer(size: number): (picture: Tensor) => Slices {
  const ofPixels = drawDirections(projections, size, [0, 0])
  const ofLevel: Directions[] = Array.from({ length: levels }, (_, level) =>
    drawDirections(projections, filters * cells * cells, [0, level + 1]),
  )
  const bank = drawFilters()
  return (picture) => {
    const slices = [project(picture.data, ofPixels)]
    let x = picture
    for (const directions of ofLevel) {
      slices.push(project(textures(x, bank), directions))
      x = halve(x)
    }
    return slices
  }
}

/** Returns the sides of the levels of a picture, finest first. */
export function levelSides(side: number): number[] {
  return Array.from({ length: levels }, (_, level) => side >> level)
}

/** The smallest side that can be halved often enough. */
export const leastSide = cells << (levels - 1)

function drawFilters(): Float32Array[] {
  const gaussian = createKeyedGaussian([1, 0])
  return Array.from({ length: filters }, () => {
    const filter = new Float32Array(3 * tap * tap)
    gaussian.fill(filter)
    const mean = filter.reduce((sum, value) => sum + value, 0) / filter.length
    const centred = filter.map((value) => value - mean)
    const norm = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0))
    return centred.map((value) => value / norm)
  })
}

/**
 * Returns the rectified filter responses, averaged over cells: [filters * cells * cells]. Edges are repeated.
 */
function textures(picture: Tensor, bank: readonly Float32Array[]): Float32Array {
  const [, , height, width] = picture.shape
  const padded = padEdges(picture)
  const out = new Float32Array(bank.length * cells * cells)
  const answers = new Float64Array(width)
  for (const [f, filter] of bank.entries()) {
    for (let y = 0; y < height; y++) {
      filterRow(padded, y, filter, answers)
      const first = (f * cells + Math.floor((y * cells) / height)) * cells
      for (let x = 0; x < width; x++) out[first + Math.floor((x * cells) / width)] += Math.max(0, answers[x])
    }
  }
  const counts = countPixels(height, width)
  return out.map((sum, i) => sum / counts[i % counts.length])
}

/** Counts the pixels of each cell. */
function countPixels(height: number, width: number): number[] {
  const along = (side: number, cell: number): number =>
    Math.ceil(((cell + 1) * side) / cells) - Math.ceil((cell * side) / cells)
  return Array.from(
    { length: cells * cells },
    (_, cell) => along(height, Math.floor(cell / cells)) * along(width, cell % cells),
  )
}

/** Pads a picture by repeating its edges as far as a filter reaches. */
function padEdges({ data, shape: [, channels, height, width] }: Tensor): Tensor {
  const reach = (tap - 1) / 2
  const [fullHeight, fullWidth] = [height + 2 * reach, width + 2 * reach]
  const inside = (at: number, side: number) => Math.max(0, Math.min(side - 1, at - reach))
  const padded = new Float32Array(channels * fullHeight * fullWidth)
  for (let c = 0, at = 0; c < channels; c++) {
    for (let y = 0; y < fullHeight; y++) {
      const row = (c * height + inside(y, height)) * width
      for (let x = 0; x < fullWidth; x++) padded[at++] = data[row + inside(x, width)]
    }
  }
  return { data: padded, shape: [1, channels, fullHeight, fullWidth] }
}

/**
 * Computes the response of a 5x5 filter along a row. It adds one row of taps after the other, which is
 * several times faster than going pixel by pixel.
 */
function filterRow(
  { data, shape: [, channels, height, width] }: Tensor,
  y: number,
  filter: Float32Array,
  answers: Float64Array,
): void {
  answers.fill(0)
  for (let c = 0, k = 0; c < channels; c++) {
    for (let dy = 0; dy < tap; dy++, k += tap) {
      const row = (c * height + y + dy) * width
      const [t0, t1, t2, t3, t4] = filter.subarray(k, k + tap)
      for (let x = 0, at = row; x < answers.length; x++, at++) {
        answers[x] +=
          t0 * data[at] + t1 * data[at + 1] + t2 * data[at + 2] + t3 * data[at + 3] + t4 * data[at + 4]
      }
    }
  }
}

/** Halves a picture: each pixel is the mean of four. */
function halve({ data, shape: [, channels, height, width] }: Tensor): Tensor {
  const [halfHeight, halfWidth] = [height >> 1, width >> 1]
  const half = new Float32Array(channels * halfHeight * halfWidth)
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < halfHeight; y++) {
      for (let x = 0; x < halfWidth; x++) {
        const at = (c * height + 2 * y) * width + 2 * x
        half[(c * halfHeight + y) * halfWidth + x] =
          (data[at] + data[at + 1] + data[at + width] + data[at + width + 1]) / 4
      }
    }
  }
  return { data: half, shape: [1, channels, halfHeight, halfWidth] }
}
