import { expect, it } from 'vitest'
import { peakBytes } from '#engine/model/graph/peakBytes'

/** x -> a -> b -> c, of 10 bytes each. */
const chain = [
  { inputs: ['x'], outputs: ['a'] },
  { inputs: ['a'], outputs: ['b'] },
  { inputs: ['b'], outputs: ['c'] },
]
const ten = new Map(['a', 'b', 'c', 'skip'].map((name) => [name, 10]))

it('counts what is needed at once, not all there ever is', () => {
  expect(peakBytes(chain, ten)).toBe(20)
})

it('keeps what is used again later (would catch skip connections taken for gone)', () => {
  const last = { inputs: ['c', 'a'], outputs: ['skip'] }
  expect(peakBytes([...chain, last], ten)).toBe(30)
})

it('lets a value go once that a node takes twice', () => {
  const square = [{ inputs: ['a', 'a'], outputs: ['b'] }, ...chain.slice(2)]
  expect(peakBytes([chain[0], ...square], ten)).toBe(20)
})
