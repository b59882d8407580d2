import { expect, it } from 'vitest'
import { alphaBarOf } from '#core/diffusion/noiseLevel'
import { pointAt } from '#core/diffusion/path'
import { veEuler } from '#core/diffusion/solvers/veEuler'
import { createTensor } from '#core/diffusion/tensor'
import { batchOf, schedule } from '../closedForm'

it.each([
  [999, 600],
  [300, 100],
  [100, 300],
])('veEuler steps from %i to %i by eq. 15 of the paper', async (fromTimestep, toTimestep) => {
  const [from, to] = [pointAt(schedule, fromTimestep), pointAt(schedule, toTimestep)]
  const [x, epsilon] = [0.7, -1.3]
  const out = createTensor([1, 1, 1, 1])
  const solver = veEuler(async () => batchOf([epsilon]))
  await solver.advance(batchOf([x]), { from, to, conditioningTimestep: fromTimestep }, out)
  const [a, aTo] = [alphaBarOf(from), alphaBarOf(to)]
  const left = x / Math.sqrt(a) + 0.5 * ((1 - aTo) / aTo - (1 - a) / a) * Math.sqrt(a / (1 - a)) * epsilon
  expect(out.data[0]).toBeCloseTo(Math.sqrt(aTo) * left, 5)
})
