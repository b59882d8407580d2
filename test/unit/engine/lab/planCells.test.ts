import { describe, expect, it } from 'vitest'
import type { SolverSettings } from '#core/diffusion/settings'
import { timestepSpacings } from '#core/diffusion/timestepSpacings/registry'
import { solverIds } from '#core/diffusion/solvers/registry'
import { roundTripNfe } from '#core/diffusion/cost'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { createTensor } from '#core/diffusion/tensor'
import { jobOfPredictor } from '../../../fixtures/job'
import { measureCell } from '#engine/lab/measureCell'
import { planCells } from '#engine/lab/planCells'
import { gaussianEpsilon } from '../../core/diffusion/closedForm'

const schedule = createNoiseSchedule({})
const sweep = { solvers: ['ddim'], timestepSpacings: ['linear'], steps: [10], etas: [0], batch: 8 } as const

function plan(changes: Partial<Parameters<typeof planCells>[0]>) {
  return planCells({ ...structuredClone(sweep), ...changes } as Parameters<typeof planCells>[0], schedule)
}

describe('the cells of a study', () => {
  it('contain each combination once, even if a list repeats a value', () => {
    const { cells, skipped } = plan({
      solvers: ['2m', 'ddim', '2m'],
      timestepSpacings: ['karras', 'linear'],
      steps: [20, 5, 20],
    })
    expect(new Set(cells.map((cell) => JSON.stringify(cell))).size).toBe(8)
    expect(cells).toHaveLength(8)
    expect(skipped).toEqual([])
  })

  it('do not depend on the order of the lists, so that the same study is always recognised', () => {
    const one = plan({ solvers: ['2m', 'heun', 'ddim'], steps: [20, 5] })
    const other = plan({ solvers: ['ddim', '2m', 'heun'], steps: [5, 20] })
    expect(one).toEqual(other)
  })

  it('omit timestep spacings that do not end at the study’s end timestep', () => {
    const { cells, skipped } = plan({ timestepSpacings: ['linear', 'leading'], endTimestep: 500 })
    expect(cells.map(({ timestepSpacing }) => timestepSpacing)).toEqual(['linear'])
    expect(skipped[0].reason).toContain('end at timestep 900, not 500')
  })

  it('are sorted from cheap to expensive by evaluations, not by steps', () => {
    const { cells } = plan({ solvers: [...solverIds], steps: [5, 8] })
    const costs = cells.map((cell) => roundTripNfe({ ...cell, cleanTimestep: -1 }))
    expect(costs).toEqual([...costs].sort((a, b) => a - b))
    expect(cells.at(-1)).toMatchObject({ solver: 'fixedPoint', steps: 8 })
  })

  it.each<[string, Parameters<typeof plan>[0], RegExp]>([
    ['noise with a solver that has none', { solvers: ['heun'], etas: [0.5] }, /heun.*eta 0\.5/],
    ['more steps than T', { steps: [1001] }, /1001/],
    ['a leapfrog pair of one state', { solvers: ['leapfrog'], steps: [1] }, /at least 2/],
  ])('omit %s and state the reason', (_, changes, reason) => {
    const { cells, skipped } = plan(changes)
    expect(cells).toEqual([])
    expect(skipped).toHaveLength(1)
    expect(skipped[0].reason).toMatch(reason)
  })

  it('keep the valid combinations when others are invalid', () => {
    const { cells, skipped } = plan({ solvers: ['ddim', '2m'], etas: [0, 1], steps: [10, 1001] })
    expect(cells.map(({ solver, eta }) => [solver, eta])).toEqual([
      ['ddim', 0],
      ['ddim', 1],
      ['2m', 0],
    ])
    expect(skipped).toHaveLength(5)
  })
})

describe('the cost of a cell', () => {
  const job = jobOfPredictor(schedule, gaussianEpsilon(schedule), { shape: [1, 1, 1] })
  const picture = createTensor([1, 1, 1, 1], Float32Array.of(0.4))
  const pictures = [{ picture, x0: picture, autoencoded: null }]
  const cells = solverIds.flatMap((solver) =>
    timestepSpacings
      .filter(({ takesTimesteps }) => !takesTimesteps)
      .map(({ id }): SolverSettings => ({ solver, timestepSpacing: id, steps: 6, eta: 0 })),
  )

  it.each(cells)(
    'equals the measured number of evaluations: $solver on $timestepSpacing timesteps',
    async (settings) => {
      const { measurements } = await measureCell(settings, pictures, { batch: 1 }, job)
      expect(measurements[0].evaluations).toBe(roundTripNfe({ ...settings, cleanTimestep: -1 }))
    },
  )
})
