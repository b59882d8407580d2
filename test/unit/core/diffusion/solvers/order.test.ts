import { describe, expect, test } from 'vitest'
import { solvers, type SolverId } from '#core/diffusion/solvers/registry'
import { batchOf, decodeAll, encodeAll, exactFlow, fineSchedule, largestDifference } from '../closedForm'

const pictures = [-0.9, -0.2, 0.3, 0.8]
const clean = fineSchedule.finalAlphaBar
const noisy = fineSchedule.alphasCumprod.at(-1)!

async function encodingError(solver: SolverId, steps: number): Promise<number> {
  const settings = { solver, timestepSpacing: 'logSnr' as const, steps }
  const { x } = await encodeAll(batchOf(pictures), settings, fineSchedule)
  return largestDifference(
    x.data,
    pictures.map((value) => exactFlow(value, clean, noisy)),
  )
}

async function decodingError(solver: SolverId, steps: number): Promise<number> {
  const latent = { x: batchOf([-2, -0.5, 0.4, 1.7]), timestep: fineSchedule.numTrainTimesteps - 1 }
  const x0 = await decodeAll(latent, { solver, timestepSpacing: 'logSnr', steps }, fineSchedule)
  return largestDifference(
    x0.data,
    [...latent.x.data].map((value) => exactFlow(value, noisy, clean)),
  )
}

describe.each(solvers)('$id is of order $order', ({ id, order }) => {
  test.each([
    ['encoding', encodingError],
    ['decoding', decodingError],
  ])('%s: halving the steps divides the error by 2^order', async (_, errorAt) => {
    // Wrong weights for steps of unequal length, or a wrong first step, cost an order.
    const slope = Math.log2((await errorAt(id, 40)) / (await errorAt(id, 160))) / 2
    expect(Math.abs(slope - order)).toBeLessThan(0.2)
  })
})
