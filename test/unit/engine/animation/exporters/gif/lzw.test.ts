import { describe, expect, it } from 'vitest'
import { encodeLzw, encodeSubBlocks } from '#engine/animation/exporters/gif/lzw'
import { decodeLzw } from '../../../../../fixtures/readGif'

/** Joins the data of sub-blocks. */
function joinSubBlocks(bytes: Uint8Array): Uint8Array {
  const data: number[] = []
  let at = 0
  for (; bytes[at] > 0; at += 1 + bytes[at]) data.push(...bytes.subarray(at + 1, at + 1 + bytes[at]))
  expect(at).toBe(bytes.length - 1)
  return Uint8Array.from(data)
}

function randomIndices(length: number, limit: number, seed: number): Uint8Array {
  let state = seed
  return Uint8Array.from({ length }, () => (state = (state * 48271) % 2147483647) % limit)
}

describe('encodeLzw', () => {
  it.each([
    ['one pixel', Uint8Array.of(5)],
    ['one colour, whose string is extended by itself', new Uint8Array(5000)],
    ['noise, which fills the table again and again', randomIndices(30_000, 256, 3)],
    ['few colours, with long strings', randomIndices(30_000, 3, 5)],
    ['a ramp', Uint8Array.from({ length: 4096 }, (_, i) => i)],
  ])('round-trips %s', (_, indices) => {
    expect(decodeLzw(joinSubBlocks(encodeLzw(indices, 8)), 8)).toEqual([...indices])
  })

  // Noise makes one code per pixel: the code width grows near these lengths; the table is full at the last.
  it.each([1, 255, 767, 1791, 3839])(
    'ends correctly near %i pixels, where the end code may need one more bit',
    (around) => {
      const indices = randomIndices(around + 8, 256, 11)
      for (let length = Math.max(1, around - 8); length <= around + 8; length++) {
        const part = indices.subarray(0, length)
        expect(decodeLzw(joinSubBlocks(encodeLzw(part, 8)), 8)).toEqual([...part])
      }
    },
  )
})

describe('encodeSubBlocks', () => {
  it.each([0, 1, 254, 255, 256, 600])('splits %i bytes into pieces of up to 255', (length) => {
    const data = randomIndices(length, 256, 1)
    expect([...joinSubBlocks(encodeSubBlocks(data))]).toEqual([...data])
  })
})
