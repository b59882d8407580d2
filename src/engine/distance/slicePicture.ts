import type { Tensor } from '#core/diffusion/tensor'
import { createKeyedGaussian } from '#core/diffusion/gaussian'
import { drawDirections, project, type Directions } from '#core/statistics/slicedWasserstein'

const projections = 512
const levels = 4
const filters = 64
/** Side of a filter. */
const tap = 5
/** Responses are averaged over cells, as many to a side. */
const cells = 4

/** Where a picture lies along the directions of each view: its pixels, and the levels of its pyramid. */
export type Slices = readonly Float32Array[]

/**
 * Prepares the views of pictures of one size: all pixels, and at each of four sizes what random 5x5 filters of zero mean
 * answer, rectified and averaged over 4x4 cells, which tells how much of which texture is where. Fixed seeds: equal
 * pictures give equal numbers on every machine.
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

/** Sides of the levels of a picture, the finest first. */
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

/** Rectified answers of the filters, averaged over cells: [filters * cells * cells]. Edges repeat. */
function textures({ data, shape: [, , height, width] }: Tensor, bank: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(filters * cells * cells)
  const counts = new Float32Array(cells * cells)
  const patch = new Float32Array(3 * tap * tap)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      readPatch(data, { x, y, width, height }, patch)
      const cell = Math.floor((y * cells) / height) * cells + Math.floor((x * cells) / width)
      counts[cell]++
      for (const [f, filter] of bank.entries()) {
        let sum = 0
        for (let i = 0; i < patch.length; i++) sum += filter[i] * patch[i]
        if (sum > 0) out[f * cells * cells + cell] += sum
      }
    }
  }
  return out.map((sum, i) => sum / counts[i % counts.length])
}

function readPatch(
  data: Float32Array,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  patch: Float32Array,
): void {
  const reach = (tap - 1) / 2
  let at = 0
  for (let c = 0; c < 3; c++) {
    for (let dy = -reach; dy <= reach; dy++) {
      const row = (c * height + Math.max(0, Math.min(height - 1, y + dy))) * width
      for (let dx = -reach; dx <= reach; dx++) {
        patch[at++] = data[row + Math.max(0, Math.min(width - 1, x + dx))]
      }
    }
  }
}

/** A picture of half the side, each pixel the mean of four. */
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
