import { describe, expect, it } from 'vitest'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { solverIds } from '#core/diffusion/solvers/registry'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { timestepSpacings } from '#core/diffusion/timestepSpacings/registry'

const schedule = createNoiseSchedule({})

describe.each(timestepSpacings)(
  'the row of $id',
  ({ id, title, help, dash, marker, hasFreeEnd, isDiffusers, takesTimesteps }) => {
    const timesteps = takesTimesteps ? [3, 9, 20, 55, 100, 200, 400, 600, 800, 990] : undefined
    const settings = { timestepSpacing: id, steps: 10, timesteps }
    const choose = (endTimestep?: number) =>
      chooseTimesteps(schedule, { solver: '2m', ...settings, endTimestep })

    it('can be shown to people, and looks like no other in a chart', () => {
      expect(title).not.toBe('')
      expect(help).toMatch(/^[A-Z].*\.$/)
      const alike = timestepSpacings.filter((row) => row.dash.join() === dash.join() && row.marker === marker)
      expect(alike).toHaveLength(1)
    })

    it.each(solverIds)('gives %s ascending timesteps of the grid, as many as steps', (solver) => {
      const chosen = chooseTimesteps(schedule, { solver, ...settings })
      expect(chosen).toHaveLength(10)
      expect(chosen.every((t, i) => Number.isInteger(t) && t > (chosen[i - 1] ?? -1) && t < 1000)).toBe(true)
    })

    it('ends where it is told to if its end is free, and says where it ends otherwise', () => {
      if (hasFreeEnd) expect(choose(400).at(-1)).toBe(400)
      else expect(() => choose(400)).toThrow(`end at timestep ${choose().at(-1)}, not 400`)
    })

    it('is laid out by the solver only where it is diffusers’ (would catch a trait on the wrong row)', () => {
      const layouts = solverIds.map((solver) => chooseTimesteps(schedule, { solver, ...settings }).join())
      if (!isDiffusers) expect(new Set(layouts).size).toBe(1)
    })
  },
)

it('lays out DPM-Solver’s timesteps on linspace as diffusers does (would catch the solver left out)', () => {
  const settings = { solver: 'dpm++2m', timestepSpacing: 'linspace', steps: 10 } as const
  // np.linspace(0, 999, 11).round()[::-1][:-1], ascending
  expect(chooseTimesteps(schedule, settings)).toEqual([100, 200, 300, 400, 500, 599, 699, 799, 899, 999])
})

describe('timesteps by hand', () => {
  const choose = (timesteps: number[] | undefined, steps = timesteps?.length ?? 3) =>
    chooseTimesteps(schedule, { solver: '2m', timestepSpacing: 'given', steps, timesteps })

  it('are walked as they are', () => {
    expect(choose([0, 17, 600])).toEqual([0, 17, 600])
  })

  it.each([
    ['without a list', undefined, 3, 'needs a list'],
    ['that fall', [5, 100, 50], 3, '50 is out of place'],
    ['twice', [5, 5, 50], 3, '5 is out of place'],
    ['beyond the schedule', [5, 1000], 2, '1000 is out of place'],
    ['that are fewer than the steps', [5, 50], 3, 'has 2 timesteps, not 3'],
  ])('are refused %s', (_, timesteps, steps, sentence) => {
    expect(() => choose(timesteps, steps)).toThrow(sentence)
  })
})

// [int(s) for s in np.linspace(0, np.sqrt(T * 0.8), S) ** 2], as in the authors' code.
it.each([
  [1000, [0, 50, 200, 450, 800]],
  [1000, [0, 9, 39, 88, 158, 246, 355, 483, 632, 800]],
  [4000, [0, 88, 355, 800, 1422, 2222, 3200]],
])('officialQuad of %i timesteps is that of the authors: %j (would catch an end at T-1)', (T, expected) => {
  const settings = { solver: 'ddim', timestepSpacing: 'officialQuad', steps: expected.length } as const
  expect(chooseTimesteps(createNoiseSchedule({ num_train_timesteps: T }), settings)).toEqual(expected)
})
