import { createTensor, type Tensor } from '#core/diffusion/tensor'

/** Sides of a tile, in positions of the state. */
export interface TileSize {
  readonly height: number
  readonly width: number
}

/** The part of a tile's side that it shares with its neighbour, at least. */
const overlap = 0.25

/**
 * Cuts states into tiles of one size, overlapping by a quarter at least, which together cover all positions.
 *
 * @param states  [N, C, h, w], at least as large as a tile
 * @returns [N * tiles, C, tile.height, tile.width], those of one item after each other, row by row
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
 * Joins the pictures of tiles: where they overlap, one fades into the other, so that no seam shows.
 *
 * @param pictures  [N * tiles, C, tile.height * factor, tile.width * factor], in the order of {@link cutTiles}
 * @param state  sides of a whole state
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

/** Calls back with where each row of each tile begins, in the tiles and in the wholes, and which row of its tile it is. */
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

/** Where tiles begin along a side: the first and the last at its ends, and the others evenly between them. */
function startsOf(whole: number, tile: number): number[] {
  const rest = whole - tile
  const steps = Math.ceil(rest / Math.max(1, Math.floor(tile * (1 - overlap))))
  return Array.from({ length: steps + 1 }, (_, i) => (steps === 0 ? 0 : Math.round((i * rest) / steps)))
}

/** How much the values along a side of a tile count: more towards the middle, and never nothing. */
function fade(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.min(i + 1, length - i, overlap * length))
}
