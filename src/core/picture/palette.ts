import type { Pixels } from './pixels'
import { createNearestColour, type Palette } from './nearestColour'

/** Similar pixels of a frame treated as one: a cell of the histogram. */
interface Swatch {
  /** Mean colour. */
  readonly colour: Float64Array
  readonly weight: number
}

/** A group of swatches that will share one colour. */
interface Cluster {
  readonly swatches: readonly Swatch[]
  readonly mean: Float64Array
  /** Sum of squared distances from the mean along each axis. */
  readonly spread: Float64Array
}

/** Number of colours in a GIF's palette. */
const paletteSize = 256
const channels = [0, 1, 2]

/** Bits per channel in the histogram: cells are four levels wide and hold the mean of the pixels in them. */
const histogramBits = 6

/** Rounds of Lloyd's algorithm after the splits; more gain little. */
const refinements = 3

function collectSwatches({ data }: Pixels): Swatch[] {
  const shift = 8 - histogramBits
  const sums = new Map<number, Float64Array>()
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue] = [data[at], data[at + 1], data[at + 2]]
    const cell =
      ((red >> shift) << (2 * histogramBits)) | ((green >> shift) << histogramBits) | (blue >> shift)
    let sum = sums.get(cell)
    if (!sum) sums.set(cell, (sum = new Float64Array(4)))
    sum[0] += red
    sum[1] += green
    sum[2] += blue
    sum[3] += 1
  }
  return [...sums.values()].map((sum) => ({
    colour: sum.subarray(0, 3).map((value) => value / sum[3]),
    weight: sum[3],
  }))
}

function toCluster(swatches: readonly Swatch[]): Cluster {
  const mean = new Float64Array(3)
  const spread = new Float64Array(3)
  let weight = 0
  for (const swatch of swatches) {
    weight += swatch.weight
    for (const c of channels) mean[c] += swatch.weight * swatch.colour[c]
  }
  for (const c of channels) mean[c] /= weight
  for (const swatch of swatches) {
    for (const c of channels) spread[c] += swatch.weight * (swatch.colour[c] - mean[c]) ** 2
  }
  return { swatches, mean, spread }
}

function totalSpread({ spread }: Cluster): number {
  return spread[0] + spread[1] + spread[2]
}

/** Splits a cluster at its mean, along its widest axis. */
function split({ swatches, mean, spread }: Cluster): Cluster[] {
  const axis = spread.indexOf(Math.max(...spread))
  const below = swatches.filter(({ colour }) => colour[axis] < mean[axis])
  const above = swatches.filter(({ colour }) => colour[axis] >= mean[axis])
  return [toCluster(below), toCluster(above)]
}

/**
 * Splits the cluster with the largest spread until every palette colour has a cluster (Wan, Prusinkiewicz,
 * Wong 1990).
 */
function divide(swatches: readonly Swatch[], count: number): Cluster[] {
  const clusters = [toCluster(swatches)]
  while (clusters.length < count) {
    const spreads = clusters.map(totalSpread)
    const widest = spreads.indexOf(Math.max(...spreads))
    // Rounding leaves a trace of spread in a cluster of one colour.
    if (clusters[widest].swatches.length < 2) break
    clusters.splice(widest, 1, ...split(clusters[widest]))
  }
  return clusters
}

/** Flattens colours into one array, sorted by the sum of their channels. */
function toSorted(colours: readonly ArrayLike<number>[]): Float64Array {
  const sum = (colour: ArrayLike<number>) => colour[0] + colour[1] + colour[2]
  const sorted = [...colours].sort((a, b) => sum(a) - sum(b))
  return Float64Array.from(sorted.flatMap((colour) => [colour[0], colour[1], colour[2]]))
}

/**
 * One round of Lloyd's algorithm: assigns every swatch to its nearest colour, then moves each colour to the
 * mean of its swatches.
 */
function refine(swatches: readonly Swatch[], colours: Float64Array): Float64Array {
  const nearest = createNearestColour(colours)
  const groups = new Map<number, Swatch[]>()
  for (const swatch of swatches) {
    const [red, green, blue] = swatch.colour
    const index = nearest(red, green, blue)
    const group = groups.get(index)
    if (group) group.push(swatch)
    else groups.set(index, [swatch])
  }
  return toSorted([...groups.values()].map((group) => toCluster(group).mean))
}

/** Chooses up to `count` colours that represent an opaque picture with little squared error in sRGB. */
export function choosePalette(pixels: Pixels, count = paletteSize): Palette {
  const swatches = collectSwatches(pixels)
  let colours = toSorted(divide(swatches, count).map(({ mean }) => mean))
  for (let round = 0; round < refinements; round++) colours = refine(swatches, colours)
  const rounded = colours.map(Math.round)
  return toSorted(Array.from({ length: rounded.length / 3 }, (_, i) => rounded.subarray(i * 3, i * 3 + 3)))
}
