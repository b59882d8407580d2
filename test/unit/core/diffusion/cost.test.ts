import { describe, expect, it } from 'vitest'
import { nfe } from '#core/diffusion/cost'
import { cleanTimestep, createNoiseSchedule, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import type { TrajectorySettings } from '#core/diffusion/settings'
import { reasonAgainst } from '#core/diffusion/solvers/reasonAgainst'
import { solverIds } from '#core/diffusion/solvers/registry'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { timestepSpacings } from '#core/diffusion/timestepSpacings/registry'
import { batchOf, decodeAll, encodeAll, gaussianEpsilon } from './closedForm'

/** Counts the evaluations of encoding a picture and of decoding its latent. */
async function count(settings: TrajectorySettings, on: NoiseSchedule) {
  const predict = gaussianEpsilon(on)
  let asked = 0
  const counting: typeof predict = (...args) => {
    asked++
    return predict(...args)
  }
  const latent = await encodeAll(batchOf([0.4]), settings, on, counting)
  const encode = asked
  await decodeAll(latent, settings, on, counting)
  return { encode, decode: asked - encode }
}

/** Whether a trajectory with these settings exists at all. */
function exists(settings: TrajectorySettings, on: NoiseSchedule): boolean {
  if (reasonAgainst(settings) !== null) return false
  try {
    return chooseTimesteps(on, settings).length > 0
  } catch {
    return false
  }
}

const lists: Record<number, readonly number[]> = {
  1: [700],
  2: [300, 800],
  10: [3, 9, 20, 55, 100, 200, 400, 600, 800, 990],
}

describe.each([true, false])('the evaluations told in advance, with set_alpha_to_one %s,', (toOne) => {
  const on = createNoiseSchedule({ set_alpha_to_one: toOne })

  it.each(solverIds)('are those that %s takes on every timestep spacing', async (solver) => {
    let compared = 0
    for (const { id: timestepSpacing, takesTimesteps } of timestepSpacings) {
      for (const steps of [1, 2, 10]) {
        const timesteps = takesTimesteps ? lists[steps] : undefined
        const settings = { solver, timestepSpacing, steps, timesteps }
        if (!exists(settings, on)) continue
        const told = nfe({ ...settings, cleanTimestep: cleanTimestep(on) })
        expect({ timestepSpacing, steps, ...(await count(settings, on)) }).toEqual({
          timestepSpacing,
          steps,
          ...told,
        })
        compared++
      }
    }
    expect(compared).toBeGreaterThanOrEqual(2 * timestepSpacings.length)
  })
})
