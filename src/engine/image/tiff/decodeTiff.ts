import { type Orientation, swapsSides, uprightTransform } from '../orientation'
import { reduced } from '../imagePixels'
import { reductionOf } from '../pictureLimits'
import { createPixels, type Pixels } from '#core/picture/pixels'
import { readTiffNumbers } from '../tiffTags'
import { type BlockReader, openBlocks } from './blocks'
import { type Samples, toPixels } from './colours'
import { profileTag, readLayout } from './layout'

function setUpright(stored: Pixels, orientation: Orientation): Pixels {
  if (orientation === 1) return stored
  const { width, height } = stored
  const [a, b, c, d, e, f] = uprightTransform(orientation, width, height)
  const upright = swapsSides(orientation) ? createPixels(height, width) : createPixels(width, height)
  const [from, to] = [new Uint32Array(stored.data.buffer), new Uint32Array(upright.data.buffer)]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // The transform maps areas, so a pixel is located by its centre.
      const column = Math.floor(a * (x + 0.5) + c * (y + 0.5) + e)
      const row = Math.floor(b * (x + 0.5) + d * (y + 0.5) + f)
      to[row * upright.width + column] = from[y * width + x]
    }
  }
  return upright
}

/** A row of blocks, one plane after the other. */
interface BlockRow {
  readonly top: number
  readonly parts: readonly Samples[]
}

async function readBlockRow(reader: BlockReader, row: number): Promise<BlockRow> {
  const { across, down, height, picture } = reader.blocks
  const planes = reader.layout.planar ? reader.layout.samples : 1
  const top = row * height
  const rows = Math.min(height, picture.height - top)
  const parts: Samples[] = []
  for (let plane = 0; plane < planes; plane++)
    for (let column = 0; column < across; column++)
      parts.push(await reader.read((plane * down + row) * across + column, rows))
  return { top, parts }
}

/** Copies rows `from` to `to` of the picture out of a row of blocks; `out` starts with row `top`. */
function copyRows({ blocks, layout }: BlockReader, row: BlockRow, out: Samples, top: number): void {
  const { width: blockWidth, height, across, picture } = blocks
  const { planar, samples } = layout
  const perPixel = planar ? 1 : samples
  const [from, to] = [
    Math.max(top, row.top),
    Math.min(row.top + height, top + out.length / samples / picture.width),
  ]
  row.parts.forEach((part, i) => {
    const [plane, left] = [Math.floor(i / across), (i % across) * blockWidth]
    const count = Math.min(blockWidth, picture.width - left)
    for (let y = from; y < to; y++) {
      const start = (y - row.top) * blockWidth * perPixel
      const place = ((y - top) * picture.width + left) * samples
      if (!planar) out.set(part.subarray(start, start + count * perPixel), place)
      else for (let x = 0; x < count; x++) out[place + x * samples + plane] = part[start + x]
    }
  })
}

/** Rows converted to pixels at once; an even number, so that pictures can be reduced. */
const rowsAtOnce = 256

/**
 * Decodes the first picture of a TIFF file, upright, without converting its colours.
 *
 * @throws UnsupportedPictureError if its samples are of an unsupported kind; DamagedPictureError; RangeError if the file
 *   ends early; whatever a decoder throws for a damaged block
 */
export async function decodeTiff(bytes: Buffer, orientation: Orientation): Promise<Pixels> {
  const reader = openBlocks(bytes, readLayout(bytes))
  const { layout, blocks } = reader
  const { width, height } = blocks.picture
  const reduction = reductionOf({ width, height })
  const pixels = createPixels(Math.ceil(width / reduction), Math.ceil(height / reduction))
  let row = await readBlockRow(reader, 0)
  for (let top = 0; top < height; top += rowsAtOnce) {
    const bottom = Math.min(height, top + rowsAtOnce)
    const count = (bottom - top) * width * layout.samples
    const samples: Samples = layout.bits === 16 ? new Uint16Array(count) : new Uint8Array(count)
    copyRows(reader, row, samples, top)
    while (row.top + blocks.height < bottom) {
      row = await readBlockRow(reader, row.top / blocks.height + 1)
      copyRows(reader, row, samples, top)
    }
    const { data } = reduced(toPixels(samples, width, layout), reduction)
    pixels.data.set(data, (top / reduction) * pixels.width * 4)
  }
  return setUpright(pixels, orientation)
}

/** Returns the ICC profile of a TIFF file, or null if it has none. */
export function tiffProfile(bytes: Buffer): Buffer | null {
  const profile = readTiffNumbers(bytes, profileTag)
  return profile && Buffer.from(profile)
}
