import { expect, it } from 'vitest'
import { contactSheetLayout } from '#core/picture/contactSheetLayout'

it('contactSheetLayout has a cell for every frame and no empty row (would catch a last frame that is cut off)', () => {
  const [width, height] = [48, 80]
  for (let count = 1; count <= 130; count++) {
    for (const columns of [undefined, 1, 3, 200]) {
      const sheet = contactSheetLayout({ width, height, count, columns })
      expect(sheet.columns * sheet.rows).toBeGreaterThanOrEqual(count)
      expect(sheet.columns * (sheet.rows - 1)).toBeLessThan(count)
      expect(sheet.width).toBe(sheet.columns * width + (sheet.columns + 1) * sheet.gap)
      expect(sheet.height).toBe(sheet.rows * height + (sheet.rows + 1) * sheet.gap)
    }
  }
})

it('contactSheetLayout is roughly square by default', () => {
  expect(contactSheetLayout({ width: 64, height: 64, count: 41 })).toMatchObject({
    columns: 7,
    rows: 6,
    gap: 2,
  })
  expect(contactSheetLayout({ width: 64, height: 64, count: 1 })).toMatchObject({
    columns: 1,
    rows: 1,
    gap: 0,
  })
})
