import { describe, expect, it } from 'vitest'
import { timestepSpacings, type TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import { chooseTimesteps, inSteps, onSpacing } from '#core/diffusion/timestepSpacing'
import { sigmaOf } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule, defaultEndTimestep, type NoiseSchedule } from '#core/diffusion/noiseSchedule'

const schedule = createNoiseSchedule({})
const pinned = timestepSpacings.filter(({ hasFreeEnd }) => hasFreeEnd).map(({ id }) => id)

function choose(on: NoiseSchedule, timestepSpacing: TimestepSpacing, steps: number, endTimestep?: number) {
  return chooseTimesteps(on, { solver: 'ddim', timestepSpacing, steps, endTimestep })
}

describe('chooseTimesteps', () => {
  it.each(pinned)(
    'gives distinct, ascending %s timesteps that end at the requested timestep, for any number of steps',
    (kind) => {
      for (const terminal of [999, 500, 1]) {
        for (const steps of [1, 2, 3, 10, 49, 333, 999, 1000].filter((count) => count <= terminal + 1)) {
          const timesteps = choose(schedule, kind, steps, terminal)
          expect(timesteps).toHaveLength(steps)
          expect(timesteps.at(-1)).toBe(terminal)
          expect(timesteps.every((t, i) => Number.isInteger(t) && t > (timesteps[i - 1] ?? -1))).toBe(true)
        }
      }
    },
  )

  it('spaces linear and quadratic timesteps as c i and c i^2 of appendix D.2, on 1 … T (would catch a grid that starts at 0)', () => {
    expect(choose(schedule, 'linear', 10)).toEqual([99, 199, 299, 399, 499, 599, 699, 799, 899, 999])
    expect(choose(schedule, 'quadratic', 10)).toEqual([9, 39, 89, 159, 249, 359, 489, 639, 809, 999])
  })

  // Timestep t counts from 0, so it is the paper's t + 1: 1000 i / 30, 1000 (i / 30)^2 and 1000 (i / 20)^2, less 1.
  it.each<[TimestepSpacing, number, number[]]>([
    ['linear', 30, [32, 66, 99, 132, 166, 199, 232, 266, 299, 332, 366, 399, 432, 466, 499]],
    ['quadratic', 30, [0, 3, 9, 17, 27, 39, 53, 70, 89, 110, 133, 159, 187, 217, 249]],
    ['quadratic', 20, [2, 9, 22, 39, 62]],
  ])(
    'rounds %s timesteps of %i to the nearest, where appendix D.2 takes the floor (would catch results that change)',
    (kind, steps, first) => {
      expect(choose(schedule, kind, steps).slice(0, first.length)).toEqual(first)
    },
  )

  it('keeps the length of a list where another number of steps is wanted (would catch a list of 4 taken in 20 steps)', () => {
    const given = {
      solver: 'ddim',
      timestepSpacing: 'given',
      steps: 4,
      timesteps: [10, 100, 500, 900],
    } as const
    const settings = inSteps(given, 20)
    expect(settings).toEqual(given)
    expect(chooseTimesteps(schedule, settings)).toEqual([10, 100, 500, 900])
    expect(inSteps({ ...given, ...onSpacing(given, 'linear') }, 2)).toMatchObject({ steps: 2 })
  })

  it('skips timestep 0 when the schedule places the clean picture there', () => {
    const onGrid = createNoiseSchedule({ set_alpha_to_one: false })
    for (const kind of pinned) expect(choose(onGrid, kind, 999)[0]).toBe(1)
    expect(() => choose(onGrid, 'linear', 1000)).toThrow('from 1 to 999')
  })

  it.each<[TimestepSpacing, (sigma: number) => number]>([
    ['logSnr', Math.log],
    ['karras', (sigma) => sigma ** (1 / 6)],
  ])(
    'spaces %s timesteps evenly on their own scale of sigma (would catch even spacing in t)',
    (kind, measure) => {
      const at = (t: number) => measure(sigmaOf(schedule.levels[t]))
      const timesteps = choose(schedule, kind, 10)
      const spacing = (at(999) - at(0)) / 10
      // Rounding to a whole timestep moves a node by at most half of what one timestep amounts to there.
      timesteps.forEach((t, i) => {
        const slack = (at(Math.min(t + 1, 999)) - at(t - 1)) / 2
        expect(Math.abs(at(t) - at(0) - (i + 1) * spacing)).toBeLessThan(slack)
      })
    },
  )

  it.each<[TimestepSpacing, number, number[]]>([
    ['leading', 4, [0, 250, 500, 750]],
    ['leading', 3, [0, 333, 666]],
    ['trailing', 3, [332, 666, 999]],
    ['linspace', 4, [0, 333, 666, 999]],
    // NumPy rounds 499.5 to the even 500 and would round 166.5 to 166.
    ['linspace', 3, [0, 500, 999]],
    ['linspace', 7, [0, 166, 333, 500, 666, 832, 999]],
  ])('gives %s with %i steps the same timesteps as diffusers', (kind, steps, expected) => {
    expect(choose(schedule, kind, steps)).toEqual(expected)
  })

  // Recorded from DDIMScheduler(num_train_timesteps=T, timestep_spacing='trailing') of diffusers 0.42.1.
  it.each([
    [100, 24, [3, 7, 11, 16, 20, 24, 28, 32, 36, 41, 45, 49, 53, 57, 61, 66, 70, 74, 78, 82, 86, 91, 95, 99]],
    [
      1000,
      48,
      [
        20, 41, 61, 82, 103, 124, 145, 166, 186, 207, 228, 249, 270, 291, 311, 332, 353, 374, 395, 416, 436,
        457, 478, 499, 520, 541, 561, 582, 603, 624, 645, 666, 686, 707, 728, 749, 770, 791, 811, 832, 853,
        874, 895, 916, 936, 957, 978, 999,
      ],
    ],
    // After these, diffusers lists a timestep -1, because np.arange rounds its length up.
    [
      1000,
      61,
      [
        15, 32, 48, 65, 81, 97, 114, 130, 147, 163, 179, 196, 212, 229, 245, 261, 278, 294, 310, 327, 343,
        360, 376, 392, 409, 425, 442, 458, 474, 491, 507, 524, 540, 556, 573, 589, 606, 622, 638, 655, 671,
        688, 704, 720, 737, 753, 769, 786, 802, 819, 835, 851, 868, 884, 901, 917, 933, 950, 966, 983, 999,
      ],
    ],
  ])(
    'gives trailing on %i timesteps with %i steps the same timesteps as diffusers (would catch another rounding of halves)',
    (T, steps, expected) => {
      const on = createNoiseSchedule({ num_train_timesteps: T })
      expect(choose(on, 'trailing', steps)).toEqual(expected)
    },
  )

  it('ends a cosine schedule at its default end timestep, except with trailing and linspace, which end at 999 as in diffusers', () => {
    const cosine = createNoiseSchedule({ beta_schedule: 'squaredcos_cap_v2' })
    for (const kind of pinned) expect(choose(cosine, kind, 20).at(-1)).toBe(defaultEndTimestep(cosine))
    for (const kind of ['trailing', 'linspace'] as const) expect(choose(cosine, kind, 20).at(-1)).toBe(999)
    expect(choose(cosine, 'trailing', 1000)).toHaveLength(1000)
    expect(choose(cosine, 'karras', 20, 999).at(-1)).toBe(999)
  })

  it('refuses an end timestep that holds no signal, and avoids such a timestep by default', () => {
    const levels = [...schedule.levels.slice(0, 999), { signal: 0, noise: 1 }]
    expect(() => choose({ ...schedule, levels }, 'linear', 10, 999)).toThrow('Timestep 999 holds no signal')
    expect(choose({ ...schedule, levels }, 'linear', 10).at(-1)).toBe(998)
  })

  it('rejects requests that cannot be met, and says why', () => {
    expect(() => choose(schedule, 'linear', 1001)).toThrow('1001 steps')
    expect(() => choose(schedule, 'linear', 0)).toThrow('0 steps')
    expect(() => choose(schedule, 'linear', 2.5)).toThrow('2.5 steps')
    expect(() => choose(schedule, 'logSnr', 600, 500)).toThrow('from 1 to 501')
    expect(() => choose(schedule, 'linear', 10, 1000)).toThrow('end timestep 1000')
    expect(() => choose(schedule, 'leading', 10, 999)).toThrow('end at timestep 900, not 999')
    const offset = createNoiseSchedule({ steps_offset: 1 })
    expect(() => choose(offset, 'leading', 1000)).toThrow('end at timestep 1000')
  })
})
