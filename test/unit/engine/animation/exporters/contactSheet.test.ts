import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openFrameSink } from '#engine/animation/exporters/openFrameSink'
import { decodePng } from '#engine/image/decodePng'
import type { Pixels } from '#core/picture/pixels'
import { emptyFolder, targetAt } from '../../../../fixtures/exportTarget'
import { paint } from '../../../../fixtures/paint'

const folder = emptyFolder()

/** Frame `i` has a uniform colour with red proportional to i, which identifies its place on the sheet. */
async function sheetOf(count: number, columns?: number): Promise<Pixels> {
  const path = join(folder, `${count}-${columns}.png`)
  const sink = await openFrameSink(
    targetAt(path, { overwrite: true }),
    { width: 20, height: 10, count, columns },
    '{}',
  )
  for (let i = 0; i < count; i++) await sink.add(paint(20, 10, () => [i * 9, 50, 60, 255]))
  await sink.finish()
  return decodePng(readFileSync(path))
}

function at({ data, width }: Pixels, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)]
}

describe('a contact sheet', () => {
  it.each([
    [7, undefined, 3, 3],
    [12, 4, 4, 3],
    [5, 9, 5, 1],
  ])(
    'of %i frames with %s columns requested has %i columns and %i rows',
    async (count, asked, columns, rows) => {
      const sheet = await sheetOf(count, asked)
      expect([sheet.width, sheet.height]).toEqual([2 + columns * 22, 2 + rows * 12])
      for (let i = 0; i < count; i++) {
        const [left, top] = [2 + (i % columns) * 22, 2 + Math.floor(i / columns) * 12]
        expect(at(sheet, left, top)).toEqual([i * 9, 50, 60])
        expect(at(sheet, left + 19, top + 9)).toEqual([i * 9, 50, 60])
        for (const [x, y] of [
          [left - 1, top],
          [left, top - 1],
          [left + 20, top],
          [left, top + 10],
        ]) {
          expect(at(sheet, x, y)).toEqual([255, 255, 255])
        }
      }
    },
  )

  it('of one frame is the frame itself, without a border (as decode writes it)', async () => {
    const sheet = await sheetOf(1)
    expect([sheet.width, sheet.height]).toEqual([20, 10])
    for (const [x, y] of [
      [0, 0],
      [19, 9],
    ] as const)
      expect(at(sheet, x, y)).toEqual([0, 50, 60])
  })

  it('leaves the cells after the last frame white', async () => {
    const sheet = await sheetOf(7)
    expect(at(sheet, 2 + 22 + 5, 2 + 2 * 12 + 5)).toEqual([255, 255, 255])
  })
})
