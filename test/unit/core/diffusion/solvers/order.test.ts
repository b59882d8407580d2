import { describe, expect, test } from 'vitest'
import { solvers, type SolverId } from '#core/diffusion/solvers/registry'
import { flowMatching } from '#core/diffusion/noiseLevel'
import type { NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { stepCoefficients } from '#core/diffusion/step'
import {
  batchOf,
  decodeAll,
  edmSchedule,
  encodeAll,
  exactFlow,
  fineSchedule,
  flowSchedule,
  largestDifference,
} from '../closedForm'

const pictures = [-0.9, -0.2, 0.3, 0.8]

async function encodingError(on: NoiseSchedule, solver: SolverId, steps: number): Promise<number> {
  const { x } = await encodeAll(batchOf(pictures), { solver, timestepSpacing: 'logSnr', steps }, on)
  return largestDifference(
    x.data,
    pictures.map((value) => exactFlow(value, on.clean, on.levels.at(-1)!)),
  )
}

async function decodingError(on: NoiseSchedule, solver: SolverId, steps: number): Promise<number> {
  const noisiest = on.levels.at(-1)!
  const values = [-2, -0.5, 0.4, 1.7].map((value) => value * noisiest.noise)
  const latent = { x: batchOf(values), timestep: on.numTrainTimesteps - 1 }
  const x0 = await decodeAll(latent, { solver, timestepSpacing: 'logSnr', steps }, on)
  return largestDifference(
    x0.data,
    [...latent.x.data].map((value) => exactFlow(value, noisiest, on.clean)),
  )
}

describe.each([
  ['a variance preserving schedule', fineSchedule],
  ['flow matching', flowSchedule],
  ['EDM', edmSchedule],
])('on %s', (_name, schedule) => {
  describe.each(solvers)('$id has order $order', ({ id, order }) => {
    test.each([
      ['encoding', encodingError],
      ['decoding', decodingError],
    ])('%s: doubling the number of steps divides the error by 2^order', async (_direction, errorAt) => {
      // Wrong weights for steps of unequal length, or a wrong first step, reduce the order by one.
      const slope = Math.log2((await errorAt(schedule, id, 40)) / (await errorAt(schedule, id, 160))) / 2
      expect(Math.abs(slope - order)).toBeLessThan(0.2)
    })
  })
})

test('a DDIM step equals the Euler step of flow matching, x + (sTo - s) v with v = epsilon - x0', () => {
  const [from, to] = [flowMatching(0.7), flowMatching(0.4)]
  const [x0, epsilon] = [0.6, -1.3]
  const x = from.signal * x0 + from.noise * epsilon
  const step = stepCoefficients(from, to)
  expect(step.x * x + step.epsilon * epsilon).toBeCloseTo(x + (to.noise - from.noise) * (epsilon - x0), 12)
})
