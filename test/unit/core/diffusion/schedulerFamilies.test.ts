import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { withoutDeadFields } from '#core/diffusion/deadFields'
import { cleanLevel, sigmaOf } from '#core/diffusion/noiseLevel'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { schedulerFamilies } from '#core/diffusion/schedulerFamilies'

/** The fields of each class, as recordSchedulerFields.py found them in diffusers. */
const { classes } = JSON.parse(readFileSync('test/golden/fixtures/schedulerFields.json', 'utf8')) as {
  classes: Record<string, readonly string[]>
}

const scheduleOf = (className: string, fields: object = {}) =>
  createNoiseSchedule({ _class_name: className, ...fields })

describe('scheduler families', () => {
  it.each([
    'DDPMScheduler',
    'DDIMScheduler',
    'PNDMScheduler',
    'EulerDiscreteScheduler',
    'EulerAncestralDiscreteScheduler',
    'LMSDiscreteScheduler',
    'UniPCMultistepScheduler',
    'DEISMultistepScheduler',
    'DPMSolverMultistepScheduler',
    'DPMSolverSinglestepScheduler',
    'FlaxDDIMScheduler',
  ])('%s without fields has the linear betas of Ho et al.', (className) => {
    // sigma^2 = 1 / alphaBar - 1 with diffusers' alphaBar at 999.
    expect(sigmaOf(scheduleOf(className).levels[999])).toBeCloseTo(Math.sqrt(1 / 4.035830352222547e-5 - 1), 6)
  })

  it.each([
    ['HeunDiscreteScheduler', 0.00085, 0.012],
    ['KDPM2DiscreteScheduler', 0.00085, 0.012],
    ['KDPM2AncestralDiscreteScheduler', 0.00085, 0.012],
  ])(
    '%s without fields has betas from %d to %d, like its constructor in diffusers',
    (className, start, end) => {
      const alphaBar = Array.from({ length: 1000 }, (_, t) => 1 - (start + ((end - start) * t) / 999)).reduce(
        (product, alpha) => product * alpha,
      )
      expect(sigmaOf(scheduleOf(className).levels[999]) / Math.sqrt(1 / alphaBar - 1)).toBeCloseTo(1, 4)
    },
  )

  it.each(['LCMScheduler', 'TCDScheduler'])(
    '%s without fields has the betas of latent diffusion',
    (className) => {
      const betas = { beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 }
      expect(scheduleOf(className).levels).toEqual(createNoiseSchedule(betas).levels)
    },
  )

  it('UnCLIPScheduler without fields has the cosine schedule', () => {
    expect(scheduleOf('UnCLIPScheduler').levels).toEqual(
      createNoiseSchedule({ beta_schedule: 'squaredcos_cap_v2' }).levels,
    )
  })

  it('places the clean picture at timestep 0 where diffusers does (would catch DDIM’s default for every scheduler)', () => {
    for (const [config, isTimestep0] of [
      [{ _class_name: 'PNDMScheduler' }, true],
      [{ _class_name: 'PNDMScheduler', set_alpha_to_one: null }, true],
      [{ _class_name: 'PNDMScheduler', set_alpha_to_one: true }, false],
      [{ _class_name: 'DDIMScheduler' }, false],
      [{ _class_name: 'DPMSolverMultistepScheduler', final_sigmas_type: 'sigma_min' }, true],
      [{ _class_name: 'DPMSolverMultistepScheduler', final_sigmas_type: 'zero' }, false],
      [{}, false],
    ] as const) {
      const { clean, levels } = createNoiseSchedule(config)
      expect(clean).toBe(isTimestep0 ? levels[0] : cleanLevel)
    }
  })

  // The schedulers of diffusers 0.42.1 whose source does not hold the word `clip_sample`.
  it.each([
    'PNDMScheduler',
    'EulerDiscreteScheduler',
    'EulerAncestralDiscreteScheduler',
    'LMSDiscreteScheduler',
    'KDPM2DiscreteScheduler',
    'KDPM2AncestralDiscreteScheduler',
    'DPMSolverMultistepScheduler',
    'DPMSolverSinglestepScheduler',
    'DPMSolverMultistepInverseScheduler',
    'DPMSolverSDEScheduler',
    'UniPCMultistepScheduler',
    'DEISMultistepScheduler',
    'SASolverScheduler',
    'FlowMatchEulerDiscreteScheduler',
    'FlowMatchHeunDiscreteScheduler',
  ])('%s never clips (would catch codes clipped because a field is missing)', (className) => {
    expect(scheduleOf(className).clipRange).toBeNull()
    expect(scheduleOf(className, { clip_sample: true }).clipRange).toBeNull()
  })

  // The defaults of their constructors.
  it.each([
    ['DDIMScheduler', 1],
    ['DDIMInverseScheduler', 1],
    ['DDIMParallelScheduler', 1],
    ['DDPMScheduler', 1],
    ['DDPMParallelScheduler', 1],
    ['RePaintScheduler', 1],
    ['UnCLIPScheduler', 1],
    ['HeunDiscreteScheduler', null],
    ['LCMScheduler', null],
    ['TCDScheduler', null],
  ])('%s clips to %s by default, and as its file says', (className, byDefault) => {
    expect(scheduleOf(className).clipRange).toBe(byDefault)
    expect(scheduleOf(className, { clip_sample: false }).clipRange).toBeNull()
    expect(scheduleOf(className, { clip_sample: true, clip_sample_range: 2 }).clipRange).toBe(2)
  })

  it.each([
    [{ clip_sample: false, clip_sample_range: Infinity }],
    [{ clip_sample: false, clip_sample_range: NaN }],
    [{ clip_sample: true, clip_sample_range: Infinity }],
  ])('clips to nothing with %o', (fields) => {
    expect(scheduleOf('DDPMScheduler', fields).clipRange).toBeNull()
  })

  it.each([
    [{ clip_sample_range: NaN }, 'clip_sample_range is NaN, not a finite number'],
    [{ clip_sample_range: -Infinity }, 'clip_sample_range is -Infinity, not a finite number'],
    [{ beta_end: NaN }, 'beta_end is NaN, not a finite number'],
    [{ trained_betas: [0.1, NaN] }, 'trained_betas is not a list of numbers'],
    [{ prediction_type: NaN }, 'prediction_type NaN is not supported'],
  ])('refuses %o with what the file says (would catch NaN read as an omitted field)', (fields, words) => {
    expect(() => scheduleOf('DDPMScheduler', fields)).toThrow(words)
  })

  it.each([
    ['PNDMScheduler', { clip_sample_range: NaN }],
    ['DPMSolverMultistepScheduler', { clip_sample: true, clip_sample_range: NaN }],
    ['FlowMatchEulerDiscreteScheduler', { beta_start: NaN, beta_end: NaN, clip_sample_range: NaN }],
    ['UniPCMultistepScheduler', { use_flow_sigmas: true, prediction_type: 'flow_prediction', beta_end: NaN }],
    ['DDPMScheduler', { trained_betas: [0.1, 0.2], beta_start: NaN, beta_end: NaN }],
    ['DDPMScheduler', { beta_schedule: 'squaredcos_cap_v2', beta_start: NaN, beta_end: NaN }],
  ])(
    '%s with %o has the levels it has without NaN (would catch a model refused for what nothing reads)',
    (className, fields) => {
      const withoutNaN = Object.entries(fields).filter(([, value]) => !Number.isNaN(value))
      expect(scheduleOf(className, fields)).toEqual(scheduleOf(className, Object.fromEntries(withoutNaN)))
    },
  )

  // The classes of diffusers 0.42 whose constructors have the argument.
  it.each([
    'DEISMultistepScheduler',
    'DPMSolverMultistepScheduler',
    'DPMSolverMultistepInverseScheduler',
    'DPMSolverSinglestepScheduler',
    'SASolverScheduler',
    'UniPCMultistepScheduler',
  ])('%s is flow matching with use_flow_sigmas', (className) => {
    expect(scheduleOf(className, { use_flow_sigmas: true })).toMatchObject({
      scheduleName: 'flow matching',
      predictionType: 'flow_prediction',
    })
  })

  it.each([
    'DDIMScheduler',
    'DDPMScheduler',
    'HeunDiscreteScheduler',
    'DPMSolverSDEScheduler',
    'LCMScheduler',
  ])(
    '%s ignores use_flow_sigmas, as diffusers does (would catch the levels of another process)',
    (className) => {
      expect(scheduleOf(className, { use_flow_sigmas: true })).toEqual(scheduleOf(className))
    },
  )

  it.each([{}, { prediction_type: 'epsilon' }])(
    'refuses an unknown class by name, whatever use_flow_sigmas says, with %o',
    (fields) => {
      const words = 'The scheduler class EDMEulerScheduler is not supported'
      expect(() => scheduleOf('EDMEulerScheduler', { use_flow_sigmas: true, ...fields })).toThrow(words)
    },
  )

  it.each([
    'CMStochasticIterativeScheduler',
    'EDMEulerScheduler',
    'ScoreSdeVeScheduler',
    'KarrasVeScheduler',
    'IPNDMScheduler',
    'CogVideoXDDIMScheduler',
    'MySchedulerOfTomorrow',
  ])('refuses %s by name (would catch invented noise levels)', (className) => {
    expect(() => scheduleOf(className)).toThrow(`The scheduler class ${className} is not supported`)
  })

  it.each([
    [
      'FlowMatchEulerDiscreteScheduler',
      { invert_sigmas: true },
      'FlowMatchEulerDiscreteScheduler sets invert_sigmas',
    ],
    [
      'DPMSolverMultistepScheduler',
      { use_flow_sigmas: true, prediction_type: 'epsilon' },
      'prediction_type "epsilon"',
    ],
    ['DPMSolverMultistepScheduler', { prediction_type: 'flow_prediction' }, 'flow_prediction'],
    [
      'EulerDiscreteScheduler',
      { timestep_type: 'continuous', prediction_type: 'v_prediction' },
      'timestep_type continuous',
    ],
  ])('refuses %s with the unsupported fields %o', (className, fields, words) => {
    expect(() => scheduleOf(className, fields)).toThrow(words)
  })
})

describe('a field that the class does not have', () => {
  it.each([
    ['FlowMatchEulerDiscreteScheduler', { prediction_type: 'epsilon', trained_betas: [0.5] }],
    ['FlowMatchHeunDiscreteScheduler', { prediction_type: 'v_prediction', invert_sigmas: true }],
    ['UnCLIPScheduler', { trained_betas: [0.5], rescale_betas_zero_snr: true }],
    ['PNDMScheduler', { rescale_betas_zero_snr: true, timestep_type: 'continuous', invert_sigmas: true }],
    ['FlaxPNDMScheduler', { rescale_betas_zero_snr: true }],
    ['RePaintScheduler', { prediction_type: 'v_prediction' }],
  ] as const)('of %s is left over from a conversion, and ignored: %o', (className, leftOver) => {
    expect(scheduleOf(className, leftOver)).toEqual(scheduleOf(className))
  })

  describe.each(schedulerFamilies.flatMap(({ classNames }) => classNames))('of %s', (className) => {
    it.each([
      'invert_sigmas',
      'prediction_type',
      'rescale_betas_zero_snr',
      'thresholding',
      'timestep_type',
      'trained_betas',
      'use_flow_sigmas',
    ])('is %s if diffusers does not have it (would catch a class that the table lacks)', (field) => {
      const kept = withoutDeadFields({ _class_name: className, [field]: 'any' }) as object
      expect(field in kept).toBe(classes[className].includes(field))
    })
  })
})

describe('the predict_epsilon field of old versions', () => {
  it.each([
    [{ predict_epsilon: false }, 'sample'],
    [{ predict_epsilon: true }, 'epsilon'],
    [{ predict_epsilon: false, prediction_type: 'v_prediction' }, 'v_prediction'],
  ])('is read from %o as prediction type %s', (fields, expected) => {
    expect(createNoiseSchedule(fields).predictionType).toBe(expected)
  })
})
