import { expect, it } from 'vitest'
import { automaticBatch } from '#engine/model/network/automaticBatch'

const gigabyte = 1e9

it('chooses a batch of 1 on the CPU, where larger batches are no faster', () => {
  expect(automaticBatch(undefined, gigabyte)).toBe(1)
})

it('chooses the batch that keeps the card busy, within half of its memory (would catch a batch that does not fit)', () => {
  const card = { batch: 64, memoryBytes: 8 * gigabyte }
  expect(automaticBatch(card, 1e6)).toBe(64)
  expect(automaticBatch(card, 0.4 * gigabyte)).toBe(10)
  expect(automaticBatch(card, 5 * gigabyte)).toBe(1)
})

it('chooses a modest batch if the memory of the card is unknown', () => {
  expect(automaticBatch({ batch: 64, memoryBytes: null }, 1e6)).toBe(8)
})
