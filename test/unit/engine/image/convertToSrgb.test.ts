import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createPixels } from '#core/picture/pixels'
import { convertToSrgb } from '#engine/image/convertToSrgb'
import { tiffProfile } from '#engine/image/tiff/decodeTiff'
import { picturePath } from '../../../fixtures/picturePath'

const profile = tiffProfile(readFileSync(picturePath('swapped-profile.tif')))!

async function convertOneColour(width: number, height: number): Promise<Buffer> {
  const pixels = createPixels(width, height)
  new Uint32Array(pixels.data.buffer).fill(Buffer.of(200, 90, 30, 255).readUInt32LE())
  await convertToSrgb(pixels, profile)
  return Buffer.from(pixels.data.buffer)
}

// From 16,385 pixels on, the rows that are converted at once are read back in several strips.
it('converts every row of a very wide picture (would catch bands of unconverted rows)', async () => {
  const colour = await convertOneColour(1, 1)
  expect([...colour]).not.toEqual([200, 90, 30, 255])
  const wide = await convertOneColour(16_448, 300)
  expect(wide.equals(Buffer.alloc(wide.length, colour))).toBe(true)
})
