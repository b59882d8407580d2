import { describe, expect, it } from 'vitest'
import { sigmaOf, type NoiseLevel } from '#core/diffusion/noiseLevel'
import { pointAt } from '#core/diffusion/path'
import type { PredictEpsilon } from '#core/diffusion/prediction'
import { blended2M } from '#core/diffusion/solvers/blended2M'
import { dpmSolverPlusPlus2M } from '#core/diffusion/solvers/dpmSolverPlusPlus2M'
import type { Solver } from '#core/diffusion/solvers/solver'
import { twoM } from '#core/diffusion/solvers/twoM'
import { createTensor } from '#core/diffusion/tensor'
import { batchOf, gaussianEpsilon, schedule } from '../closedForm'

const point = (timestep: number) => pointAt(schedule, timestep)
const predict = gaussianEpsilon(schedule)

function blended(predictEpsilon: PredictEpsilon, steps: number): Solver {
  return blended2M(predictEpsilon, { steps, asDiffusers: false, pointAt: point })
}

/** Where a solver's steps along the timesteps lead. */
async function follow(solver: Solver, timesteps: readonly number[], start: number): Promise<number> {
  let x = batchOf([start])
  for (const [i, timestep] of timesteps.slice(1).entries()) {
    const [from, to] = [point(timesteps[i]), point(timestep)]
    const out = createTensor(x.shape)
    await solver.advance(x, { from, to, conditioningTimestep: Math.max(0, from.timestep) }, out)
    x = out
  }
  return x.data[0]
}

// sigma is 1 near timestep 260. Both parents agree up to the second step, so the third is comparable.
describe.each([
  ['up', [270, 400, 600, 850]],
  ['down', [900, 700, 500, 300]],
] as const)('a blended2M step %s where sigma is above 1', (_, timesteps) => {
  const end = (solver: Solver) => follow(solver, timesteps, 1.7)

  it('is the mean of the 2M and DPM-Solver++ 2M steps (would catch a wrong weight for either)', async () => {
    const plusPlusSolver = dpmSolverPlusPlus2M(predict, { steps: 3, asDiffusers: false })
    const [two, plusPlus] = [await end(twoM(predict)), await end(plusPlusSolver)]
    expect(Math.abs(two - plusPlus)).toBeGreaterThan(1e-3)
    expect(await end(blended(predict, 12))).toBeCloseTo((two + plusPlus) / 2, 4)
  })

  it('equals the 2M step in runs of fewer than 12 steps', async () => {
    expect(await end(blended(predict, 11))).toBeCloseTo(await end(twoM(predict)), 4)
  })
})

it.each([[[80, 120, 180, 240]], [[240, 180, 120, 80]]])(
  'blended2M equals 2M where sigma is below 1: %j',
  async (timesteps) => {
    const expected = await follow(twoM(predict), timesteps, 0.4)
    expect(await follow(blended(predict, 50), timesteps, 0.4)).toBeCloseTo(expected, 4)
  },
)

it.each([
  ['the second step up', [-1, 3, 20]],
  ['the last step down', [60, 20, -1]],
] as const)(
  'blended2M extrapolates in %s (would catch a weight of 0 at the clean picture)',
  async (_, timesteps) => {
    const halfSigma0 = sigmaOf(point(0)) / 2
    const flooredLambda = (level: NoiseLevel) => -Math.log(Math.hypot(sigmaOf(level), halfSigma0))
    const [before, from, to] = timesteps.map(point)
    // For a network linear in the floored lambda, the exact step takes its mean over the step.
    const answers = [before, from].map(flooredLambda)
    const solver = blended(async () => batchOf([answers.shift()!]), 50)
    const out = createTensor([1, 1, 1, 1])
    await solver.advance(
      batchOf([0]),
      { from: before, to: from, conditioningTimestep: 0 },
      createTensor([1, 1, 1, 1]),
    )
    await solver.advance(batchOf([0]), { from, to, conditioningTimestep: from.timestep }, out)
    const mean = (flooredLambda(from) + flooredLambda(to)) / 2
    expect(out.data[0] / to.signal).toBeCloseTo((sigmaOf(to) - sigmaOf(from)) * mean, 6)
  },
)
