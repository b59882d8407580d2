import { describe, expect, it } from 'vitest'
import { solverIds } from '#core/diffusion/solvers/registry'
import type { TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import { decode, encode } from '#core/diffusion/inversion'
import { cleanLevel } from '#core/diffusion/noiseLevel'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { itemOf } from '#core/diffusion/tensor'
import {
  batchOf,
  decodeAll,
  decodeDefaults,
  encodeAll,
  encodeDefaults,
  exactFlow,
  gaussianEpsilon,
  largestDifference,
  schedule,
} from './closedForm'

const pictures = batchOf([-0.9, -0.2, 0.35, 0.8])

async function roundTripError(steps: number): Promise<number> {
  const latent = await encodeAll(pictures, { timestepSpacing: 'logSnr', steps })
  return largestDifference(
    (await decodeAll(latent, { timestepSpacing: 'logSnr', steps })).data,
    pictures.data,
  )
}

describe('an encode-decode round trip', () => {
  it('with DDIM converges at first order in S', async () => {
    const slope = Math.log2((await roundTripError(40)) / (await roundTripError(160))) / 2
    expect(slope).toBeGreaterThan(0.9)
    expect(slope).toBeLessThan(1.2)
  })

  it.each(solverIds)(
    'with %s reaches the exact latent and returns to the picture (would catch a state at a wrong noise level)',
    async (solver) => {
      const timestepSpacing: TimestepSpacing = solver === 'plms' ? 'trailing' : 'logSnr'
      // Euler steps in sigma^2 have about twelve times the error of DDIM's steps in sigma.
      const slack = solver === 'veEuler' ? 13 : 1
      const latent = await encodeAll(pictures, { solver, timestepSpacing, steps: 200 })
      const exact = [...pictures.data].map((value) => exactFlow(value, cleanLevel, schedule.levels[999]))
      expect(largestDifference(latent.x.data, exact)).toBeLessThan(0.06 * slack)
      const x0 = await decodeAll(latent, { solver, timestepSpacing, steps: 200 })
      expect(largestDifference(x0.data, pictures.data)).toBeLessThan(0.03 * slack)
    },
  )

  it('works to an earlier end timestep, and back with a different solver, spacing and number of steps', async () => {
    const latent = await encodeAll(pictures, {
      solver: 'dpm++2m',
      timestepSpacing: 'logSnr',
      steps: 80,
      endTimestep: 400,
    })
    expect(latent.timestep).toBe(400)
    const x0 = await decodeAll(latent, { solver: 'heun', timestepSpacing: 'quadratic', steps: 60 })
    expect(largestDifference(x0.data, pictures.data)).toBeLessThan(0.005)
  })

  it('works with the leading spacing of diffusers, which does not end at T-1', async () => {
    const latent = await encodeAll(pictures, {
      timestepSpacing: 'leading',
      steps: 100,
      conditioningTimestep: 'next',
    })
    expect(latent.timestep).toBe(990)
    const x0 = await decodeAll(latent, { timestepSpacing: 'leading', steps: 100 })
    expect(largestDifference(x0.data, pictures.data)).toBeLessThan(0.1)
  })
})

describe('a batch item', () => {
  it.each(solverIds)('is bit-identical in any batch with %s', async (solver) => {
    const settings = { solver, timestepSpacing: 'quadratic', steps: 8 } as const
    const batch = await encodeAll(pictures, settings)
    const frames = await decodeAll(batch, settings)
    for (const index of [0, 3]) {
      const alone = await encodeAll(itemOf(pictures, index), settings)
      expect(alone.x.data).toEqual(itemOf(batch.x, index).data)
      expect((await decodeAll(alone, settings)).data).toEqual(itemOf(frames, index).data)
    }
  })

  it('gets the same noise in any batch (would catch frames that flicker with the batch size)', async () => {
    const settings = { eta: 1, seed: 5, steps: 12 }
    const frames = await decodeAll({ x: pictures, timestep: 999 }, settings)
    const alone = await decodeAll({ x: itemOf(pictures, 2), timestep: 999 }, settings)
    expect(alone.data).toEqual(itemOf(frames, 2).data)
    const reseeded = await decodeAll({ x: pictures, timestep: 999 }, { ...settings, seed: 6 })
    expect(largestDifference(reseeded.data, frames.data)).toBeGreaterThan(0.01)
  })
})

describe('a trajectory', () => {
  it('reports the progress, timestep and evaluations of each step', async () => {
    const timesteps = chooseTimesteps(schedule, { ...encodeDefaults, steps: 4 })
    const options = { schedule, predictEpsilon: gaussianEpsilon(schedule) }
    const seen: number[][] = []
    for await (const step of encode(pictures, {
      ...options,
      settings: { ...encodeDefaults, solver: 'heun', steps: 4 },
    })) {
      seen.push([step.done, step.total, step.timestep, step.evaluations])
    }
    expect(seen).toEqual(timesteps.map((timestep, index) => [index + 1, 4, timestep, 2 * (index + 1)]))
    const down: number[][] = []
    const settings = { ...decodeDefaults, solver: 'heun', steps: 4 } as const
    for await (const step of decode({ x: pictures, timestep: 999 }, { ...options, settings })) {
      down.push([step.timestep, step.evaluations])
    }
    expect(down).toEqual(
      [
        [749, 2],
        [499, 4],
        [249, 6],
        [-1, 7],
      ].map(([t, e]) => [t, e]),
    )
  })

  it('stops evaluating when its iterator is closed, and never modifies its input', async () => {
    const before = [...pictures.data]
    let evaluations = 0
    const predictEpsilon: ReturnType<typeof gaussianEpsilon> = (...call) => {
      evaluations++
      return gaussianEpsilon(schedule)(...call)
    }
    for await (const { done } of encode(pictures, { schedule, settings: encodeDefaults, predictEpsilon })) {
      if (done === 3) break
    }
    expect(evaluations).toBe(3)
    expect([...pictures.data]).toEqual(before)
  })

  it('refuses contradictory settings', async () => {
    const latent = { x: pictures, timestep: 999 }
    await expect(decodeAll(latent, { solver: '2m', eta: 0.5 })).rejects.toThrow('needs ddim')
    await expect(decodeAll(latent, { solver: 'heun', sigmaHat: true })).rejects.toThrow('needs ddim')
    await expect(decodeAll(latent, { timestepSpacing: 'leading' })).rejects.toThrow('end at timestep 950')
    await expect(encodeAll(pictures, { solver: 'heun', conditioningTimestep: 'next' })).rejects.toThrow(
      'conditioning timestep',
    )
    await expect(encodeAll(pictures, { solver: 'leapfrog', steps: 1 })).rejects.toThrow('at least 2')
  })
})
