import { describe, expect, it } from 'vitest'
import type { Latent } from '#core/diffusion/latent'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import { restandardise } from '#core/diffusion/restandardise'
import { drawTensor, latentOf } from './draws'

function pair(seed: number): Latent {
  const [x, previousState] = [drawTensor(seed), drawTensor(seed + 1)]
  x.data.forEach((value, i) => (x.data[i] = 0.4 * value + 0.3))
  return { x, timestep: 999, previousState: { x: previousState, timestep: 979 } }
}

describe('restandardise', () => {
  it('sets the mean to 0 and the standard deviation to 1 and keeps the other statistics (would catch scaling by the variance)', () => {
    const damaged = pair(1)
    const before = measureLatentStatistics(damaged.x)
    const after = measureLatentStatistics(restandardise(damaged).x)
    expect(after.mean).toBeCloseTo(0, 6)
    expect(after.std).toBeCloseTo(1, 6)
    expect(after.kurtosis).toBeCloseTo(before.kurtosis, 5)
    expect(after.neighbourCorrelation).toBeCloseTo(before.neighbourCorrelation, 5)
  })

  it('shifts and scales both states of a pair equally (would catch standardising the previous state separately)', () => {
    for (let seed = 0; seed < 20; seed++) {
      const original = pair(seed)
      const { mean, std } = measureLatentStatistics(original.x)
      const repaired = restandardise(original)
      for (const [before, after] of [
        [original.x, repaired.x],
        [original.previousState!.x, repaired.previousState!.x],
      ]) {
        after.data.forEach((value, i) => expect(value).toBeCloseTo((before.data[i] - mean) / std, 5))
      }
      expect([repaired.timestep, repaired.previousState!.timestep]).toEqual([999, 979])
    }
  })

  it('does not modify its input', () => {
    const original = latentOf(1, 2, 3)
    restandardise(original)
    expect([...original.x.data]).toEqual([1, 2, 3])
  })

  it('refuses a constant latent (would catch a division by zero)', () => {
    const refused = () => restandardise(latentOf(2, 2, 2))
    expect(refused).toThrow(RangeError)
    expect(refused).toThrow(/cannot be scaled to 1: leave it as it is/)
  })
})
