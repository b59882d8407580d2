import { createTensor, type Tensor } from '#core/diffusion/tensor'

/** Ridge term on the diagonal, per position: a picture of one colour says nothing about the others. */
const ridge = 1e-3

/**
 * An approximate preview of states without their decoder: each position's colour is a linear function of its
 * values. The function is fitted by least squares to the states and pictures seen so far; for most
 * autoencoders it explains nearly everything that a small picture shows.
 */
export class LinearPreview {
  /** Sums over all positions seen: products of pairs of values, the last being 1, and values by colours. */
  #products: number[][] = []
  #targets: number[][] = []
  /** Rows: colours. Columns: values, and the constant. */
  #map: number[][] | null = null

  /**
   * Learns from states and the pictures that they decode to, or were encoded from.
   *
   * @param states  [N, C, h, w]
   * @param pictures  [N, 1 or 3, H, W], where H and W are the same multiple of h and w
   */
  learn(states: Tensor, pictures: Tensor): void {
    const rows = rowsOf(states, true)
    const colours = rowsOf(shrink(pictures, states.shape), false)
    const [width, height] = [rows[0].length, colours[0].length]
    if (this.#products.length !== width) {
      this.#products = zeros(width, width)
      this.#targets = zeros(height, width)
    }
    rows.forEach((row, position) => {
      for (let i = 0; i < width; i++) {
        for (let j = 0; j < width; j++) this.#products[i][j] += row[i] * row[j]
        for (let c = 0; c < height; c++) this.#targets[c][i] += row[i] * colours[position][c]
      }
    })
    this.#map = null
  }

  /**
   * Returns a picture of each state, one pixel per position. Grey until something has been learned.
   *
   * @param channels  of the pictures
   */
  of(states: Tensor, channels: number): Tensor {
    const [count, , height, width] = states.shape
    const out = createTensor([count, channels, height, width])
    if (this.#products.length === 0) return out
    const map = (this.#map ??= this.fit())
    const size = height * width
    rowsOf(states, true).forEach((row, position) => {
      const item = Math.floor(position / size)
      for (let c = 0; c < channels; c++) {
        out.data[(item * channels + c) * size + (position % size)] = row.reduce(
          (sum, value, i) => sum + value * map[c][i],
          0,
        )
      }
    })
    return out
  }

  private fit(): number[][] {
    const positions = this.#products.at(-1)!.at(-1)!
    const regular = this.#products.map((row, i) =>
      row.map((value, j) => (i === j ? value + ridge * positions : value)),
    )
    return this.#targets.map((target) => solve(regular, target))
  }
}

/** Returns the values of every position, followed by a 1 if a constant is wanted. */
function rowsOf({ data, shape }: Tensor, withConstant: boolean): number[][] {
  const [count, channels, height, width] = shape
  const size = height * width
  return Array.from({ length: count * size }, (_, position) => {
    const first = Math.floor(position / size) * channels * size + (position % size)
    const row = Array.from({ length: channels }, (_unused, c) => data[first + c * size])
    return withConstant ? [...row, 1] : row
  })
}

/** Downscales pictures: each pixel is the mean of those that it covers. */
function shrink({ data, shape }: Tensor, [, , height, width]: readonly number[]): Tensor {
  const [count, channels, fullHeight, fullWidth] = shape
  const factor = fullHeight / height
  const small = createTensor([count, channels, height, width])
  for (let i = 0; i < data.length; i++) {
    const x = Math.floor((i % fullWidth) / factor)
    const y = Math.floor((Math.floor(i / fullWidth) % fullHeight) / factor)
    const plane = Math.floor(i / (fullWidth * fullHeight))
    small.data[(plane * height + y) * width + x] += data[i] / factor ** 2
  }
  return small
}

/** Solves a x = b for a symmetric, positive definite matrix by Gaussian elimination. */
function solve(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]])
  rows.forEach((pivot, i) => {
    for (const row of rows.slice(i + 1)) {
      const factor = row[i] / pivot[i]
      for (let j = i; j < row.length; j++) row[j] -= factor * pivot[j]
    }
  })
  const x = zeros(1, b.length)[0]
  for (let i = b.length - 1; i >= 0; i--) {
    const known = rows[i].slice(i + 1, b.length).reduce((sum, value, j) => sum + value * x[i + 1 + j], 0)
    x[i] = (rows[i][b.length] - known) / rows[i][i]
  }
  return x
}

function zeros(rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, () => Array<number>(columns).fill(0))
}
