import { expect, it } from 'vitest'
import { wholeShares } from '#core/numbers/wholeShares'

it.each([
  [
    [1 / 3, 1 / 3, 1 / 3],
    [34, 33, 33],
  ],
  [
    [0.5, 0.255, 0.245],
    [50, 26, 24],
  ],
  [
    [0.005, 0.005, 0.99],
    [1, 0, 99],
  ],
  [
    [1, 0, 0],
    [100, 0, 0],
  ],
])('%j of a whole are %j percent', (shares, percent) => {
  expect(wholeShares(shares, 100)).toEqual(percent)
})

it('always adds up and is never off by 1 (would catch three thirds of 33% each)', () => {
  for (let count = 1; count <= 9; count++) {
    for (let turn = 1; turn <= 50; turn++) {
      const parts = Array.from({ length: count }, (_unused, at) => 1 + ((turn * (at + 3) * 7919) % 97))
      const sum = parts.reduce((all, part) => all + part, 0)
      const shares = parts.map((part) => part / sum)
      const whole = wholeShares(shares, 100)
      expect(whole.reduce((all, part) => all + part, 0)).toBe(100)
      for (const [at, part] of whole.entries()) expect(Math.abs(part - 100 * shares[at])).toBeLessThan(1)
    }
  }
})
