import { describe, expect, it } from 'vitest'
import { nfe } from '#core/diffusion/cost'
import { decode, encode } from '#core/diffusion/inversion'
import { conditioningTimesteps } from '#core/diffusion/path'
import { solvers } from '#core/diffusion/solvers/registry'
import { batchOf, decodeDefaults, encodeDefaults, finish, gaussianEpsilon, schedule } from '../closedForm'

const pictures = batchOf([-0.6, 0.4])

/** A predictor that itself counts how often it is called. */
function counting() {
  const predict = gaussianEpsilon(schedule)
  const counted = { asked: 0, predictEpsilon: (...args: Parameters<typeof predict>) => predict(...args) }
  counted.predictEpsilon = (...args) => {
    counted.asked++
    return predict(...args)
  }
  return counted
}

describe.each(solvers)('the registry entry of $id', (row) => {
  const { id, title, shortName, help, colour, conditioningTimesteps: allowed, leastSteps, isPair } = row
  const settings = { solver: id, steps: 7 } as const

  it('has a title, a short name no longer than the title, and a help text in whole sentences', () => {
    expect(title).not.toBe('')
    expect(shortName.length).toBeLessThanOrEqual(title.length)
    expect(help).toMatch(/^[A-Z].*\.$/)
  })

  it('has a unique colour on light and on dark backgrounds (would catch two curves that look the same)', () => {
    for (const ground of ['light', 'dark'] as const) {
      expect(colour[ground]).toMatch(/^#[0-9a-f]{6}$/)
      expect(solvers.filter((other) => other.colour[ground] === colour[ground])).toHaveLength(1)
    }
  })

  it('declares its true number of evaluations in both directions, and whether it returns a pair (would catch a wrong estimate)', async () => {
    const [there, back] = [counting(), counting()]
    const latent = await finish(
      encode(pictures, {
        schedule,
        settings: { ...encodeDefaults, ...settings },
        predictEpsilon: there.predictEpsilon,
      }),
    )
    await finish(
      decode(latent, {
        schedule,
        settings: { ...decodeDefaults, ...settings },
        predictEpsilon: back.predictEpsilon,
      }),
    )
    expect({ encode: there.asked, decode: back.asked }).toEqual(nfe({ ...settings, cleanTimestep: -1 }))
    expect(latent.previousState !== undefined).toBe(isPair)
  })

  it('accepts exactly the conditioning timesteps it declares, and no fewer steps than it declares', async () => {
    const encoding = (changes: object) =>
      finish(
        encode(pictures, {
          schedule,
          settings: { ...encodeDefaults, ...settings, ...changes },
          predictEpsilon: gaussianEpsilon(schedule),
        }),
      )
    for (const conditioningTimestep of conditioningTimesteps) {
      const attempt = encoding({ conditioningTimestep })
      if ((allowed as readonly string[]).includes(conditioningTimestep)) await attempt
      else await expect(attempt).rejects.toThrow(id)
    }
    await encoding({ steps: leastSteps })
    if (leastSteps > 1)
      await expect(encoding({ steps: leastSteps - 1 })).rejects.toThrow(`${leastSteps} steps`)
  })

  it('draws noise if declared stochastic, and refuses noise otherwise', async () => {
    const latent = { x: batchOf([0.3, -1]), timestep: 999 }
    const decodeWith = (eta: number) =>
      finish(
        decode(latent, {
          schedule,
          settings: { ...decodeDefaults, ...settings, eta },
          predictEpsilon: gaussianEpsilon(schedule),
          noiseItems: [0, 1],
        }),
      )
    if (!row.stochastic) return expect(decodeWith(0.5)).rejects.toThrow('deterministic')
    expect((await decodeWith(1)).data).not.toEqual((await decodeWith(0)).data)
  })
})
