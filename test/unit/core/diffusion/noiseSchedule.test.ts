import { describe, expect, it } from 'vitest'
import { DomainError } from '#core/DomainError'
import { alphaBarOf, cleanLevel } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule, defaultEndTimestep, isNoiseAt, levelAt } from '#core/diffusion/noiseSchedule'

describe('createNoiseSchedule', () => {
  // torch.cumprod(1 - betas, 0) of torch 2.13, with the betas as diffusers 0.40 writes them.
  it.each([
    [
      {},
      [
        [0, 0.9998999834060669],
        [500, 0.07779665291309357],
        [999, 4.035830352222547e-5],
      ],
    ],
    [
      { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 },
      [
        [0, 0.9991499781608582],
        [500, 0.27633246779441833],
        [999, 0.00466009508818388],
      ],
    ],
    [
      { beta_schedule: 'squaredcos_cap_v2' },
      [
        [0, 0.9999586939811707],
        [500, 0.4922850430011749],
        [999, 2.4287349909002387e-9],
      ],
    ],
  ])('matches alphas_cumprod of diffusers bit for bit for %o', (config, expected) => {
    const { levels } = createNoiseSchedule(config)
    for (const [t, value] of expected) {
      expect(alphaBarOf(levels[t])).toBe(value)
      expect(levels[t].signal).toBeCloseTo(Math.sqrt(value), 15)
      expect(levels[t].noise).toBeCloseTo(Math.sqrt(1 - value), 15)
    }
  })

  it('uses trained_betas unchanged (would catch a computed schedule that overrides them)', () => {
    const schedule = createNoiseSchedule({ trained_betas: [0.5, 0.25, 0.5], beta_schedule: 'linear' })
    expect(schedule.levels.map(alphaBarOf)).toEqual([0.5, 0.375, 0.1875])
    expect(schedule.numTrainTimesteps).toBe(3)
  })

  it.each([
    [{}, 'linear betas'],
    [{ beta_schedule: 'squaredcos_cap_v2' }, 'cosine betas'],
    [{ trained_betas: [0.5, 0.25], beta_schedule: 'linear' }, 'custom betas'],
    [{ _class_name: 'FlowMatchEulerDiscreteScheduler' }, 'flow matching'],
  ])('has a name that people can read: %j is "%s" (would catch "flow matching betas")', (config, name) => {
    expect(createNoiseSchedule(config).scheduleName).toBe(name)
  })

  it('uses the betas of its timesteps, and no more (would catch a last timestep that the network never saw)', () => {
    const betas = { trained_betas: [0.5, 0.25, 0.5] }
    const { levels, numTrainTimesteps } = createNoiseSchedule({ ...betas, num_train_timesteps: 2 })
    expect(levels.map(alphaBarOf)).toEqual([0.5, 0.375])
    expect(numTrainTimesteps).toBe(2)
  })

  it('accepts the smallest first beta that leaves noise, and any later one (would catch a refusal of good models)', () => {
    const { levels } = createNoiseSchedule({ trained_betas: [1e-7, 1e-9, 0.5] })
    expect(levels[0].noise).toBeGreaterThan(0)
    expect(levels[1]).toEqual(levels[0])
  })

  it.each([
    ['linear', 0.25],
    ['scaled_linear', 0.25],
    // The curve begins at 1 / (1 + e^6) of the way.
    ['sigmoid', 0.25 + 0.5 / (1 + Math.exp(6))],
  ])(
    'of one timestep with %s betas has the first, as PyTorch does (would catch the last)',
    (schedule, beta) => {
      const config = { beta_schedule: schedule, beta_start: 0.25, beta_end: 0.75, num_train_timesteps: 1 }
      expect(alphaBarOf(createNoiseSchedule(config).levels[0])).toBeCloseTo(1 - beta, 6)
    },
  )

  it('uses the defaults of diffusers for missing fields', () => {
    const schedule = createNoiseSchedule({})
    expect(schedule).toMatchObject({
      numTrainTimesteps: 1000,
      predictionType: 'epsilon',
      clipRange: 1,
      stepsOffset: 0,
      clean: cleanLevel,
    })
    expect(createNoiseSchedule({ clip_sample: false }).clipRange).toBeNull()
    const offGridFree = createNoiseSchedule({ set_alpha_to_one: false })
    expect(offGridFree.clean).toBe(offGridFree.levels[0])
  })

  it.each([
    [null, 'not a JSON object'],
    [{ beta_start: 'small' }, 'beta_start'],
    [{ num_train_timesteps: 0 }, 'num_train_timesteps'],
    [{ num_train_timesteps: 10.5 }, 'num_train_timesteps'],
    [{ num_train_timesteps: 1e9 }, 'num_train_timesteps'],
    [{ beta_schedule: 'laplace' }, 'beta_schedule "laplace"'],
    [{ prediction_type: 'flow' }, 'prediction_type "flow"'],
    [{ trained_betas: [] }, 'trained_betas'],
    [{ trained_betas: [0.1, 'x'] }, 'trained_betas'],
    [{ trained_betas: [0.1, 1] }, 'timestep 1'],
    [{ trained_betas: [0.1, 0.2], num_train_timesteps: 3 }, 'has 2 values for the 3 timesteps'],
    [{ set_alpha_to_one: 1 }, 'set_alpha_to_one'],
    [{ beta_end: 2 }, 'between 0 and 1'],
    [{ beta_start: 1e-8 }, 'timestep 0 is 9.99'],
    [{ trained_betas: [2e-8, 0.5] }, 'adds no noise'],
    [{ rescale_betas_zero_snr: true }, 'rescale_betas_zero_snr'],
  ])('refuses %o and says why', (config, words) => {
    expect(() => createNoiseSchedule(config)).toThrow(words)
  })
})

/** alphaBar of the cosine schedule at timestep t of T: Nichol & Dhariwal 2021, eq. 17. */
function cosineAlphaBar(t: number, count: number): number {
  const f = (u: number) => Math.cos((((u + 0.008) / 1.008) * Math.PI) / 2) ** 2
  return f((t + 1) / count) / f(0)
}

describe('defaultEndTimestep', () => {
  it.each([
    ['linear', {}, 999],
    ['latent diffusion', { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 }, 999],
    ['linear, T = 300', { num_train_timesteps: 300, beta_start: 0.0001, beta_end: 0.02 }, 299],
  ])('is T-1 for %s betas (would catch a change to existing latents)', (_, config, expected) => {
    expect(defaultEndTimestep(createNoiseSchedule(config))).toBe(expected)
  })

  it.each([1000, 300])(
    'is the last timestep with sigma at most 160 for the cosine schedule of T = %i',
    (count) => {
      const config = { beta_schedule: 'squaredcos_cap_v2', num_train_timesteps: count }
      const end = defaultEndTimestep(createNoiseSchedule(config))
      const sigma = (t: number) => Math.sqrt(1 / cosineAlphaBar(t, count) - 1)
      expect(sigma(end)).toBeLessThan(160)
      expect(sigma(end + 1)).toBeGreaterThan(160)
    },
  )

  it('is 0, which leaves one step, when every level has a sigma above 160', () => {
    expect(defaultEndTimestep(createNoiseSchedule({ trained_betas: [0.99999, 0.99999] }))).toBe(0)
  })
})

describe('levelAt', () => {
  const schedule = createNoiseSchedule({})

  it('returns the level of the schedule at whole timesteps, and the clean level at -1', () => {
    expect(levelAt(schedule, 500)).toEqual(schedule.levels[500])
    expect(levelAt(schedule, -1)).toEqual(cleanLevel)
  })

  it.each([-1.5, -2, 999.5, 1000, NaN])(
    'refuses %d, off the schedule (would catch pure noise that is taken for the clean picture)',
    (timestep) => {
      expect(() => levelAt(schedule, timestep)).toThrow(DomainError)
    },
  )

  it('interpolates the paper’s alpha between whole timesteps, including between 0 and the clean picture', () => {
    const alphaAt = (t: number) => levelAt(schedule, t).signal ** 2
    expect(alphaAt(10.25)).toBeCloseTo(0.75 * alphaAt(10) + 0.25 * alphaAt(11), 12)
    expect(alphaAt(-0.5)).toBeCloseTo((1 + alphaAt(0)) / 2, 12)
    const { signal, noise } = levelAt(schedule, 700.5)
    expect(signal ** 2 + noise ** 2).toBeCloseTo(1, 6)
  })
})

describe('isNoiseAt', () => {
  // Sigma of the linear betas: 4.2 at timestep 500, 157 at 999. Of flow matching over 1,000 steps, timestep t has
  // noise (t + 1) / 1000: sigma 99 at noise 0.99, 1 at 0.5. The other betas have sigma 8.4 at timestep 901.
  it.each([
    ['linear betas', {}, [300, 900], [999]],
    ['flow matching', { _class_name: 'FlowMatchEulerDiscreteScheduler' }, [499, 900], [992]],
    [
      'betas that end at sigma 14.6, whose end is the noise that seeds are drawn from',
      { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 },
      [300, 901],
      // Where leading spacing of 20, 50 and 100 steps ends, with an offset of 1.
      [951, 981, 991, 999],
    ],
  ])('is true only at the end of %s', (_name, config, before, noise) => {
    const schedule = createNoiseSchedule(config)
    expect(before.map((timestep) => isNoiseAt(schedule, timestep))).toEqual(before.map(() => false))
    expect(noise.map((timestep) => isNoiseAt(schedule, timestep))).toEqual(noise.map(() => true))
  })
})
