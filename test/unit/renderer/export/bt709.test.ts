import { expect, it } from 'vitest'
import { toI420 } from '../../../../src/renderer/export/bt709'

/** The planes of a picture of a single colour. */
function planesOf(rgb: readonly number[], width: number, height: number): Uint8Array {
  const rgba = Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => [...rgb, 255][i % 4])
  return toI420(rgba, width, height)
}

/** Studio levels of full-amplitude colour bars, ITU-R BT.709 (ARIB STD-B28 lists them, for eight bits). */
it.each([
  ['white', [255, 255, 255], [235, 128, 128]],
  ['yellow', [255, 255, 0], [219, 16, 138]],
  ['cyan', [0, 255, 255], [188, 154, 16]],
  ['green', [0, 255, 0], [173, 42, 26]],
  ['magenta', [255, 0, 255], [78, 214, 230]],
  ['red', [255, 0, 0], [63, 102, 240]],
  ['blue', [0, 0, 255], [32, 240, 118]],
  ['black', [0, 0, 0], [16, 128, 128]],
])('%s has the levels of BT.709 (would catch BT.601: red at 81, 90, 240)', (_name, rgb, [y, cb, cr]) => {
  expect([...planesOf(rgb, 4, 2)]).toEqual([...Array<number>(8).fill(y), cb, cb, cr, cr])
})

it('computes each chroma sample from its own four pixels (would catch swapped rows or columns)', () => {
  const rgba = new Uint8ClampedArray(4 * 4 * 4).fill(255)
  // The upper right quarter of 4 x 4 is black, which has no chroma; the lower left is red.
  for (const [row, column, colour] of [
    [0, 2, [0, 0, 0, 255]],
    [2, 0, [255, 0, 0, 255]],
  ] as const) {
    for (const [down, right] of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      rgba.set(colour, ((row + down) * 4 + column + right) * 4)
    }
  }
  const planes = [...toI420(rgba, 4, 4)]
  expect(planes.slice(0, 4)).toEqual([235, 235, 16, 16])
  expect(planes.slice(8, 12)).toEqual([63, 63, 235, 235])
  expect(planes.slice(16, 20)).toEqual([128, 128, 102, 128])
  expect(planes.slice(20)).toEqual([128, 128, 240, 128])
})
