import { expect, it } from 'vitest'
import { cpuBatch, deviceBatch } from '#engine/model/network/automaticBatch'

const gigabyte = 1e9

it('chooses a batch of 1 on the CPU, except for small networks, which the CPU evaluates faster together', () => {
  expect(cpuBatch(gigabyte)).toBe(1)
  expect(cpuBatch(null)).toBe(1)
  expect(cpuBatch(2 ** 19)).toBe(8)
})

it('chooses the batch that keeps the card busy, within half of its memory (would catch a batch that does not fit)', () => {
  const card = { batch: 64, memoryBytes: 8 * gigabyte }
  expect(deviceBatch(card, 1e6)).toBe(64)
  expect(deviceBatch(card, 0.4 * gigabyte)).toBe(10)
  expect(deviceBatch(card, 5 * gigabyte)).toBe(1)
})

it('chooses a modest batch if the memory of the card is unknown', () => {
  expect(deviceBatch({ batch: 64, memoryBytes: null }, 1e6)).toBe(8)
})
