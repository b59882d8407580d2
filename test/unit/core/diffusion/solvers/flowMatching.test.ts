import { describe, expect, it } from 'vitest'
import { createNoiseSchedule, defaultEndTimestep } from '#core/diffusion/noiseSchedule'
import { solvers } from '#core/diffusion/solvers/registry'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { batchOf, decodeAll, encodeAll, exactFlow, largestDifference } from '../closedForm'

const schedule = createNoiseSchedule({ _class_name: 'FlowMatchEulerDiscreteScheduler' })
const values = [-0.9, -0.2, 0.3, 0.8]

// Its steps are far too long for 50 of them to come near; its order is tested on flow matching elsewhere.
const precise = solvers.filter(({ id }) => id !== 'veEuler')

// These end at the last timestep, where flow matching has no signal; `given` needs a list.
const usable = timestepSpacingIds.filter((id) => !['trailing', 'linspace', 'given'].includes(id))

describe.each(usable)('on flow matching, with 50 %s timesteps,', (timestepSpacing) => {
  it.each(precise)(
    '$id comes near the exact flow both ways (would catch levels taken to be variance preserving)',
    async ({ id: solver, order }) => {
      const settings = { solver, timestepSpacing, steps: 50 }
      const endTimestep = chooseTimesteps(schedule, settings).at(-1)!
      const ends = values.map((value) => exactFlow(value, schedule.clean, schedule.levels[endTimestep]))
      const encoded = await encodeAll(batchOf(values), settings, schedule)
      const decoded = await decodeAll({ x: batchOf(ends), timestep: endTimestep }, settings, schedule)
      const tolerance = order === 1 ? 0.2 : 0.06
      expect(largestDifference(encoded.x.data, ends)).toBeLessThan(tolerance)
      expect(largestDifference(decoded.data, values)).toBeLessThan(tolerance)
    },
  )
})

it('ends encoding at timestep 992 by default, where 0.7 % of the state is picture, as docs/models.md says', () => {
  // n / (1000 - n) is at most 160 up to n = 993, which is numbered from 0 here.
  expect(defaultEndTimestep(schedule)).toBe(992)
  expect(schedule.levels[992].signal).toBeCloseTo(0.007, 12)
})
