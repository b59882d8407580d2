import { expect, it } from 'vitest'
import { cpuBatch, deviceBatch } from '#engine/model/network/automaticBatch'

const gigabyte = 1e9

it('is one on the CPU, except for small networks, which the CPU evaluates faster together', () => {
  expect(cpuBatch(gigabyte)).toBe(1)
  expect(cpuBatch(null)).toBe(1)
  expect(cpuBatch(2 ** 19)).toBe(8)
})

it('is what keeps the card busy, as far as half of its memory goes (would catch a batch that cannot fit)', () => {
  const card = { batch: 64, memoryBytes: 8 * gigabyte }
  expect(deviceBatch(card, 1e6)).toBe(64)
  expect(deviceBatch(card, 0.4 * gigabyte)).toBe(10)
  expect(deviceBatch(card, 5 * gigabyte)).toBe(1)
})

it('presumes no memory that nobody told of', () => {
  expect(deviceBatch({ batch: 64, memoryBytes: null }, 1e6)).toBe(8)
})
