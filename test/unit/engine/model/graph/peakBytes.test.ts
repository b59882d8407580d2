import { expect, it } from 'vitest'
import { peakBytes } from '#engine/model/graph/peakBytes'

/** x -> a -> b -> c, of 10 bytes each. */
const chain = [
  { inputs: ['x'], outputs: ['a'] },
  { inputs: ['a'], outputs: ['b'] },
  { inputs: ['b'], outputs: ['c'] },
]
const ten = new Map(['a', 'b', 'c', 'skip'].map((name) => [name, 10]))

it('counts the values held at the same time, not all values', () => {
  expect(peakBytes(chain, ten)).toBe(20)
})

it('counts a value until its last use (would catch skip connections freed too early)', () => {
  const last = { inputs: ['c', 'a'], outputs: ['skip'] }
  expect(peakBytes([...chain, last], ten)).toBe(30)
})

it('frees a value only once if a node uses it twice', () => {
  const square = [{ inputs: ['a', 'a'], outputs: ['b'] }, ...chain.slice(2)]
  expect(peakBytes([chain[0], ...square], ten)).toBe(20)
})
