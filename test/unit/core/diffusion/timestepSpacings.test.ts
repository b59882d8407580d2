import { describe, expect, it } from 'vitest'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { solverIds } from '#core/diffusion/solvers/registry'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { timestepSpacings } from '#core/diffusion/timestepSpacings/registry'

const schedule = createNoiseSchedule({})

describe.each(timestepSpacings)(
  'the row of $id',
  ({ id, title, help, dash, marker, hasFreeEnd, isDiffusers }) => {
    const choose = (end?: number) =>
      chooseTimesteps(schedule, { solver: '2m', timestepSpacing: id, steps: 10, endTimestep: end })

    it('can be shown to people, and looks like no other in a chart', () => {
      expect(title).not.toBe('')
      expect(help).toMatch(/^[A-Z].*\.$/)
      const alike = timestepSpacings.filter((row) => row.dash.join() === dash.join() && row.marker === marker)
      expect(alike).toHaveLength(1)
    })

    it.each(solverIds)('gives %s ascending timesteps of the grid, as many as steps', (solver) => {
      const timesteps = chooseTimesteps(schedule, { solver, timestepSpacing: id, steps: 10 })
      expect(timesteps).toHaveLength(10)
      expect(timesteps.every((t, i) => Number.isInteger(t) && t > (timesteps[i - 1] ?? -1) && t < 1000)).toBe(
        true,
      )
    })

    it('ends where it is told to if its end is free, and says where it ends otherwise', () => {
      if (hasFreeEnd) expect(choose(400).at(-1)).toBe(400)
      else expect(() => choose(400)).toThrow(`end at timestep ${choose().at(-1)}, not 400`)
    })

    it('is laid out by the solver only where it is diffusers’ (would catch a trait on the wrong row)', () => {
      const layouts = solverIds.map((solver) =>
        chooseTimesteps(schedule, { solver, timestepSpacing: id, steps: 10 }).join(),
      )
      if (!isDiffusers) expect(new Set(layouts).size).toBe(1)
    })
  },
)

it('lays out DPM-Solver’s timesteps on linspace as diffusers does (would catch the solver left out)', () => {
  const settings = { solver: 'dpm++2m', timestepSpacing: 'linspace', steps: 10 } as const
  // np.linspace(0, 999, 11).round()[::-1][:-1], ascending
  expect(chooseTimesteps(schedule, settings)).toEqual([100, 200, 300, 400, 500, 599, 699, 799, 899, 999])
})
