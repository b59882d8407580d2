import { Readable } from 'node:stream'
import { createInflate } from 'node:zlib'
import { pngChunks } from './pngChunks'

/** Samples per pixel, by colour type (PNG specification, table 8). */
const channels: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/** First column and row of a pass, and the steps between its pixels (PNG specification, section 8.2). */
type Pass = readonly [x: number, y: number, stepX: number, stepY: number]

const noInterlace: readonly Pass[] = [[0, 0, 1, 1]]
const adam7: readonly Pass[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
]

/** Returns the total size of all filtered rows in bytes, from an IHDR chunk. */
function sizeOfRows(header: Buffer): number {
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const bits = header[8] * channels[header[9]]
  const sizes = (header[12] === 1 ? adam7 : noInterlace).map(([x, y, stepX, stepY]) => {
    const [columns, rows] = [Math.ceil((width - x) / stepX), Math.ceil((height - y) / stepY)]
    return columns > 0 && rows > 0 ? rows * (1 + Math.ceil((columns * bits) / 8)) : 0
  })
  return sizes.reduce((sum, size) => sum + size, 0)
}

/**
 * Whether a PNG file's pixel data inflates to all the rows that its header declares. Keeps none of them in
 * memory and stops there, because data after the last row does not matter, however much there is.
 */
export async function hasAllPngRows(bytes: Buffer): Promise<boolean> {
  const chunks = [...pngChunks(bytes)]
  const compressed = chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)
  let missing = sizeOfRows(chunks[0].data)
  try {
    for await (const part of Readable.from(compressed).pipe(createInflate())) {
      missing -= (part as Buffer).length
      if (missing <= 0) return true
    }
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error
  }
  return false
}
