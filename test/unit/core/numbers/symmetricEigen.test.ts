import { describe, expect, it } from 'vitest'
import { symmetricEigen } from '#core/numbers/symmetricEigen'
import { drawLatent } from '../diffusion/draws'

describe('symmetricEigen', () => {
  it('decomposes a matrix: A v = lambda v, with orthonormal vectors and the largest eigenvalue first', () => {
    const n = 6
    const rows = Array.from({ length: n }, (_, i) => [...drawLatent(i, [1, 1, 1, n]).x.data])
    const a = rows.map((row, i) => row.map((value, k) => value + rows[k][i]))
    const pairs = symmetricEigen(a)
    expect(pairs).toHaveLength(n)
    for (const [at, { value, vector }] of pairs.entries()) {
      if (at > 0) expect(value).toBeLessThanOrEqual(pairs[at - 1].value)
      a.forEach((row, i) =>
        expect(row.reduce((sum, entry, k) => sum + entry * vector[k], 0)).toBeCloseTo(value * vector[i], 9),
      )
      for (const other of pairs) {
        const product = vector.reduce((sum, entry, k) => sum + entry * other.vector[k], 0)
        expect(product).toBeCloseTo(other.vector === vector ? 1 : 0, 9)
      }
    }
  })
})
