import { createTensor, type Tensor } from '#core/diffusion/tensor'

/** The size of a tile, in positions of the state. */
export interface TileSize {
  readonly height: number
  readonly width: number
}

/** The minimum fraction of a tile's side that overlaps its neighbour. */
const overlap = 0.25

/**
 * Cuts states into tiles of one size, overlapping by at least a quarter, which together cover all positions.
 *
 * @param states  [N, C, h, w], at least as large as a tile
 * @returns [N * tiles, C, tile.height, tile.width], grouped by item, row by row
 */
export function cutTiles(states: Tensor, tile: TileSize): Tensor {
  const [count, channels, height, width] = states.shape
  const places = placesOf({ height, width }, tile)
  const tiles = createTensor([count * places.length, channels, tile.height, tile.width])
  forEachRow({ count, channels, places, tile, height, width }, (inTile, inWhole) => {
    tiles.data.set(states.data.subarray(inWhole, inWhole + tile.width), inTile)
  })
  return tiles
}

/**
 * Joins the pictures of tiles. Where tiles overlap, one fades into the other, so that no seam is visible.
 *
 * @param pictures  [N * tiles, C, tile.height * factor, tile.width * factor], in the order of
 *   {@link cutTiles}
 * @param state  size of a whole state
 * @returns [N, C, state.height * factor, state.width * factor]
 */
export function joinTiles(pictures: Tensor, state: TileSize, tile: TileSize): Tensor {
  const [rows, channels, tileHeight, tileWidth] = pictures.shape
  const factor = tileHeight / tile.height
  const scaled = ({ height, width }: TileSize) => ({ height: height * factor, width: width * factor })
  const { height, width } = scaled(state)
  const places = placesOf(state, tile).map(({ top, left }) => ({ top: top * factor, left: left * factor }))
  const count = rows / places.length
  const out = createTensor([count, channels, height, width])
  const total = new Float32Array(out.data.length)
  const [fadeY, fadeX] = [fade(tileHeight), fade(tileWidth)]
  const whole = { count, channels, places, tile: scaled(tile), height, width }
  forEachRow(whole, (inTile, inWhole, y) => {
    for (let x = 0; x < tileWidth; x++) {
      const weight = fadeY[y] * fadeX[x]
      out.data[inWhole + x] += weight * pictures.data[inTile + x]
      total[inWhole + x] += weight
    }
  })
  for (let i = 0; i < total.length; i++) out.data[i] /= total[i]
  return out
}

interface Places {
  readonly count: number
  readonly channels: number
  readonly places: readonly { readonly top: number; readonly left: number }[]
  readonly tile: TileSize
  readonly height: number
  readonly width: number
}

/** Visits each row of each tile: its start in the tiles and in the whole, and its index in the tile. */
function forEachRow(
  { count, channels, places, tile, height, width }: Places,
  visit: (inTile: number, inWhole: number, y: number) => void,
): void {
  for (let row = 0; row < count * places.length * channels * tile.height; row++) {
    const y = row % tile.height
    const plane = Math.floor(row / tile.height)
    const channel = plane % channels
    const index = Math.floor(plane / channels)
    const { top, left } = places[index % places.length]
    const item = Math.floor(index / places.length)
    visit(row * tile.width, ((item * channels + channel) * height + top + y) * width + left, y)
  }
}

function placesOf(whole: TileSize, tile: TileSize): Places['places'] {
  const tops = startsOf(whole.height, tile.height)
  const lefts = startsOf(whole.width, tile.width)
  return tops.flatMap((top) => lefts.map((left) => ({ top, left })))
}

/** Returns where tiles start along a side: the first and last at its ends, the others evenly between. */
function startsOf(whole: number, tile: number): number[] {
  const rest = whole - tile
  const steps = Math.ceil(rest / Math.max(1, Math.floor(tile * (1 - overlap))))
  return Array.from({ length: steps + 1 }, (_, i) => (steps === 0 ? 0 : Math.round((i * rest) / steps)))
}

/** Returns the weights of the values along a tile's side: larger towards the middle, and never 0. */
function fade(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.min(i + 1, length - i, overlap * length))
}
