import { expect, it } from 'vitest'
import { automaticBatch } from '#engine/model/network/automaticBatch'

const gigabyte = 1e9

it('is one on the CPU, which is no faster by more', () => {
  expect(automaticBatch(undefined, gigabyte)).toBe(1)
})

it('is what keeps the card busy, as far as half of its memory goes (would catch a batch that cannot fit)', () => {
  const card = { batch: 64, memoryBytes: 8 * gigabyte }
  expect(automaticBatch(card, 1e6)).toBe(64)
  expect(automaticBatch(card, 0.4 * gigabyte)).toBe(10)
  expect(automaticBatch(card, 5 * gigabyte)).toBe(1)
})

it('presumes no memory that nobody told of', () => {
  expect(automaticBatch({ batch: 64, memoryBytes: null }, 1e6)).toBe(8)
})
