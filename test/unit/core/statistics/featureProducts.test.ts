import { describe, expect, it } from 'vitest'
import { rowsPerStep } from '#core/statistics/featureProducts'

const vectors = (count: number, size: number) => Array<Float32Array>(count).fill(new Float32Array(size))

describe('rowsPerStep', () => {
  it.each([
    [1, 1],
    [4, 3],
    [1_000, 2_048],
    [3_000, 1_024],
    [10_000, 64],
    [10_000, 768],
    [10_000, 2_048],
  ])(
    'keeps a step beside %i vectors of %i values short (would catch cancellations that wait for long rows)',
    (count, size) => {
      const rows = rowsPerStep(vectors(count, size))
      // Rows are multiplied in pairs, so a step has at least two.
      expect(rows % 2).toBe(0)
      expect(rows).toBeGreaterThanOrEqual(2)
      expect(rows === 2 || rows * count * size <= 2e7).toBe(true)
    },
  )
})
