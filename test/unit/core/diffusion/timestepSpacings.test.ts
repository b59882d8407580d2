import { describe, expect, it } from 'vitest'
import { cleanTimestep, createNoiseSchedule, type NoiseSchedule } from '#core/diffusion/noiseSchedule'
import { type SolverId, solverIds, solverOf } from '#core/diffusion/solvers/registry'
import { chooseTimesteps } from '#core/diffusion/timestepSpacing'
import { timestepSpacings, type TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'

const schedule = createNoiseSchedule({})

/** Returns why there are no timesteps for a number of steps of which there are enough on a schedule. */
function reasonAgainstSteps(
  solver: SolverId,
  spacing: TimestepSpacing,
  steps: number,
  on: NoiseSchedule,
): RegExp | null {
  if (spacing !== 'leading' && spacing !== 'linspace') return null
  const isExtra = solverOf(solver).diffusersLayout === 'extraTimestep'
  // T + 1 timesteps among T.
  if (isExtra && steps === on.numTrainTimesteps) return /would visit timestep \d+ more than once: take fewer/
  // They start at timestep 0, which is the picture where `set_alpha_to_one` is false.
  if (!isExtra && steps === 1 && cleanTimestep(on) === 0) return /end at timestep 0, the picture itself/
  return null
}

/** Where 10 timesteps of 1000 end in diffusers, in the authors' code (0.8 T), and in the list given below. */
const fixedEnds: Partial<Record<TimestepSpacing, number>> = {
  leading: 900,
  trailing: 999,
  linspace: 999,
  officialQuad: 800,
  given: 990,
}

describe.each(timestepSpacings)(
  'the registry entry of $id',
  ({ id, title, help, dash, marker, hasFreeEnd, isDiffusers, takesTimesteps }) => {
    const timesteps = takesTimesteps ? [3, 9, 20, 55, 100, 200, 400, 600, 800, 990] : undefined
    const settings = { timestepSpacing: id, steps: 10, timesteps }
    const choose = (endTimestep: number) =>
      chooseTimesteps(schedule, { solver: '2m', ...settings, endTimestep })

    it('has a title, a help text in whole sentences, and a unique dash and marker in charts', () => {
      expect(title).not.toBe('')
      expect(help).toMatch(/^[A-Z].*\.$/)
      const alike = timestepSpacings.filter((row) => row.dash.join() === dash.join() && row.marker === marker)
      expect(alike).toHaveLength(1)
    })

    it.each(solverIds)('gives %s ascending whole timesteps, one per step', (solver) => {
      const chosen = chooseTimesteps(schedule, { solver, ...settings })
      expect(chosen).toHaveLength(10)
      expect(chosen.every((t, i) => Number.isInteger(t) && t > (chosen[i - 1] ?? -1) && t < 1000)).toBe(true)
    })

    describe.each([3, 5, 8])('on a schedule of %i timesteps', (T) => {
      const small = [true, false].map((set_alpha_to_one) =>
        createNoiseSchedule({ num_train_timesteps: T, set_alpha_to_one }),
      )

      it.each(solverIds)(
        'gives %s, for every number of steps, distinct timesteps that a latent can also be decoded on, or says why there are none (would catch NaN and latents without a way back)',
        (solver) => {
          for (const on of small) {
            const clean = cleanTimestep(on)
            for (let steps = 1; steps <= T - 1 - clean; steps++) {
              const given = takesTimesteps
                ? Array.from({ length: steps }, (_, i) => clean + 1 + i)
                : undefined
              const asked = { solver, timestepSpacing: id, steps, timesteps: given }
              const why = reasonAgainstSteps(solver, id, steps, on)
              if (why) expect(() => chooseTimesteps(on, asked)).toThrow(why)
              if (why) continue
              const chosen = chooseTimesteps(on, asked)
              expect(chosen).toHaveLength(steps)
              expect(chosen.every((t, i) => Number.isInteger(t) && t > (chosen[i - 1] ?? -1) && t < T)).toBe(
                true,
              )
              expect(chooseTimesteps(on, { ...asked, endTimestep: chosen.at(-1) })).toEqual(chosen)
            }
          }
        },
      )
    })

    it('ends at the requested timestep if its end is free, and otherwise names its fixed end in the error', () => {
      if (hasFreeEnd) expect(choose(400).at(-1)).toBe(400)
      else expect(() => choose(400)).toThrow(`end at timestep ${fixedEnds[id]}, not 400`)
    })

    it('depends on the solver only if it is a diffusers spacing (would catch isDiffusers on the wrong entry)', () => {
      const layouts = solverIds.map((solver) => chooseTimesteps(schedule, { solver, ...settings }).join())
      if (!isDiffusers) expect(new Set(layouts).size).toBe(1)
    })
  },
)

it('the diffusers spacings are those three (would catch isDiffusers missing from one of them)', () => {
  const ids = timestepSpacings.filter(({ isDiffusers }) => isDiffusers).map(({ id }) => id)
  expect(ids).toEqual(['leading', 'trailing', 'linspace'])
})

it('linspace timesteps for DPM-Solver++ 2M match diffusers (would catch ignoring the solver)', () => {
  const settings = { solver: 'dpm++2m', timestepSpacing: 'linspace', steps: 10 } as const
  // np.linspace(0, 999, 11).round()[::-1][:-1], ascending
  expect(chooseTimesteps(schedule, settings)).toEqual([100, 200, 300, 400, 500, 599, 699, 799, 899, 999])
})

describe('manually given timesteps', () => {
  const choose = (timesteps: number[] | undefined, steps = timesteps?.length ?? 3) =>
    chooseTimesteps(schedule, { solver: '2m', timestepSpacing: 'given', steps, timesteps })

  it('are used unchanged', () => {
    expect(choose([0, 17, 600])).toEqual([0, 17, 600])
  })

  it.each([
    ['without a list', undefined, 3, 'needs a list'],
    ['that fall', [5, 100, 50], 3, '50 is out of place'],
    ['twice', [5, 5, 50], 3, '5 is out of place'],
    ['beyond the schedule', [5, 1000], 2, '1000 is out of place'],
    ['that are fewer than the steps', [5, 50], 3, 'has 2 timesteps, not 3'],
  ])('are rejected with a reason: timesteps %s', (_, timesteps, steps, sentence) => {
    expect(() => choose(timesteps, steps)).toThrow(sentence)
  })
})

// [int(s) for s in np.linspace(0, np.sqrt(T * 0.8), S) ** 2], as in the authors' code.
it.each([
  [1000, [0, 50, 200, 450, 800]],
  [1000, [0, 9, 39, 88, 158, 246, 355, 483, 632, 800]],
  [4000, [0, 88, 355, 800, 1422, 2222, 3200]],
])(
  'officialQuad on a schedule of %i timesteps matches the authors’ code: %j (would catch an end at T-1)',
  (T, expected) => {
    const settings = { solver: 'ddim', timestepSpacing: 'officialQuad', steps: expected.length } as const
    expect(chooseTimesteps(createNoiseSchedule({ num_train_timesteps: T }), settings)).toEqual(expected)
  },
)
