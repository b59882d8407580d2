import { createCanvas, ImageData } from '@napi-rs/canvas'
import { enlarge } from '#core/picture/enlarge'
import type { Pixels } from '#core/picture/pixels'
import { drawText, measureText, mutedInk } from './lettering'

/** Pictures in labelled rows and columns. */
export interface PictureTable {
  readonly title: string
  readonly subtitle: string
  /** Labels above the columns; empty for none. */
  readonly columns: readonly string[]
  /** Labels to the left of the rows; empty for none. */
  readonly rows: readonly string[]
  /** Row by row, all of one size; rows may differ in length. */
  readonly pictures: readonly (readonly Pixels[])[]
}

const smallestSide = 112
const gap = 6
const edge = 24
const lettering = { size: 15, colour: mutedInk }

/**
 * Draws a table of pictures on white and returns it as PNG; small pictures are enlarged by integer factors.
 */
export async function drawPictureTable(table: PictureTable): Promise<Uint8Array> {
  const { title, subtitle, columns, rows, pictures } = table
  const [{ width: side }] = pictures[0]
  const factor = Math.max(1, Math.ceil(smallestSide / side))
  const [cellWidth, cellHeight] = [side * factor, pictures[0][0].height * factor]
  const pen = createCanvas(1, 1).getContext('2d')
  const left =
    edge + (rows.length > 0 ? Math.max(...rows.map((row) => measureText(pen, row, lettering))) + 12 : 0)
  const top = edge + 48 + (columns.length > 0 ? 26 : 0)
  const longest = Math.max(...pictures.map((row) => row.length))
  const wide = longest * (cellWidth + gap) - gap
  const lines = [measureText(pen, title, { size: 20, weight: 600 }), measureText(pen, subtitle, lettering)]
  const canvas = createCanvas(
    Math.ceil(Math.max(left + wide, edge + Math.max(...lines)) + edge),
    Math.ceil(top + pictures.length * (cellHeight + gap) - gap + edge),
  )
  const context = canvas.getContext('2d')
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  drawText(context, title, [edge, edge + 6], { size: 20, weight: 600 })
  drawText(context, subtitle, [edge, edge + 32], lettering)
  const [leftOf, topOf] = [
    (i: number) => left + i * (cellWidth + gap),
    (i: number) => top + i * (cellHeight + gap),
  ]
  for (const [i, label] of columns.entries()) {
    drawText(context, label, [leftOf(i) + cellWidth / 2, top - 14], { ...lettering, align: 'center' })
  }
  for (const [i, label] of rows.entries()) {
    drawText(context, label, [left - 12, topOf(i) + cellHeight / 2], { ...lettering, align: 'right' })
  }
  for (const [row, line] of pictures.entries()) {
    for (const [column, picture] of line.entries()) {
      const { data, width, height } = enlarge(picture, factor, 'lanczos')
      context.putImageData(
        new ImageData(data, width, height),
        Math.round(leftOf(column)),
        Math.round(topOf(row)),
      )
    }
  }
  return canvas.encode('png')
}
