import { describe, expect, it } from 'vitest'
import { clipX0, predictX0, toEpsilon } from '#core/diffusion/prediction'
import { createTensor } from '#core/diffusion/tensor'
import { batchOf, gaussianEpsilon, largestDifference, schedule } from './closedForm'

const level = { signal: 0.8, noise: 0.6 }
const x0 = batchOf([0.5, -1])
const epsilon = batchOf([2, 0.25])
// x = 0.8 x0 + 0.6 epsilon, v = 0.8 epsilon - 0.6 x0, flow = epsilon - x0
const x = batchOf([1.6, -0.65])
const v = batchOf([1.3, 0.8])
const flow = batchOf([1.5, 1.25])

describe('toEpsilon', () => {
  it.each([
    ['epsilon', epsilon],
    ['v_prediction', v],
    ['flow_prediction', flow],
    ['sample', x0],
  ] as const)('recovers epsilon from a %s output without changing that output', (predictionType, output) => {
    const kept = [...output.data]
    const fresh = toEpsilon(output, x, level, predictionType)
    expect(largestDifference(fresh.data, epsilon.data)).toBeLessThan(1e-6)
    const out = createTensor(x.shape)
    expect(toEpsilon(output, x, level, predictionType, out)).toBe(out)
    expect(largestDifference(out.data, epsilon.data)).toBeLessThan(1e-6)
    expect([...output.data]).toEqual(kept)
  })

  it('can write its result over the network output (would catch reading a value after overwriting it)', () => {
    const output = batchOf([...v.data])
    toEpsilon(output, x, level, 'v_prediction', output)
    expect(largestDifference(output.data, epsilon.data)).toBeLessThan(1e-6)
  })
})

describe('predictX0', () => {
  it('recovers x0 from x and epsilon', () => {
    expect(largestDifference(predictX0(x, epsilon, level).data, x0.data)).toBeLessThan(1e-6)
  })
})

describe('clipX0', () => {
  it('clips x0 to [-1, 1] and keeps x = a x0 + s epsilon consistent (would catch clipping x0 without adjusting epsilon)', async () => {
    const timestep = 400
    const state = batchOf([-20, 0.1, 20])
    const at = schedule.levels[timestep]
    const clipped = await clipX0(gaussianEpsilon(schedule), schedule)(state, timestep)
    const free = await gaussianEpsilon(schedule)(state, timestep)
    const seen = predictX0(state, clipped, at).data
    expect(predictX0(state, free, at).data[2]).toBeGreaterThan(1)
    expect(seen[0]).toBeCloseTo(-1, 5)
    expect(seen[2]).toBeCloseTo(1, 5)
    expect(clipped.data[1]).toBeCloseTo(free.data[1], 5)
  })
})
