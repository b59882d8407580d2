import { betaSchedules, type BetaSchedule } from './betas'

/** What networks of variance preserving schedules answer: the noise, the velocity (Salimans & Ho 2022), the picture. */
export const predictionTypes = ['epsilon', 'v_prediction', 'sample'] as const
/** What a network answers; `flow_prediction` is the velocity of flow matching (Lipman et al. 2023). */
export type PredictionType = (typeof predictionTypes)[number] | 'flow_prediction'

/**
 * The fields of a diffusers `scheduler_config.json` that say how much noise a timestep means, under their own names.
 * The rest of such a file configures one sampler and is not read: the solver here is the user's choice.
 */
export interface SchedulerConfig {
  readonly num_train_timesteps: number
  readonly beta_start: number
  readonly beta_end: number
  readonly beta_schedule: BetaSchedule
  readonly trained_betas: readonly number[] | null
  readonly prediction_type: PredictionType
  readonly clip_sample: boolean
  readonly clip_sample_range: number
  readonly steps_offset: number
  readonly set_alpha_to_one: boolean
}

/** What was parsed, before it is known to be right. */
type Fields = { readonly [Field in keyof SchedulerConfig | 'rescale_betas_zero_snr']?: unknown }

function asFields(config: unknown): Fields {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new TypeError('The scheduler configuration is not a JSON object.')
  }
  return config
}

function readNumber(fields: Fields, field: keyof Fields, fallback: number): number {
  const value = fields[field] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`The scheduler's ${field} is ${JSON.stringify(value)}, not a number.`)
  }
  return value
}

function readCount(fields: Fields, field: keyof Fields, fallback: number, minimum: number): number {
  const value = readNumber(fields, field, fallback)
  if (!Number.isInteger(value) || value < minimum) {
    throw new RangeError(`The scheduler's ${field} is ${value}, not a whole number of at least ${minimum}.`)
  }
  return value
}

function readFlag(fields: Fields, field: keyof Fields, fallback: boolean): boolean {
  const value = fields[field] ?? fallback
  if (typeof value !== 'boolean') {
    throw new TypeError(`The scheduler's ${field} is ${JSON.stringify(value)}, not true or false.`)
  }
  return value
}

function readChoice<Name extends string>(
  fields: Fields,
  field: keyof Fields,
  names: readonly Name[],
  fallback: Name,
): Name {
  const value = fields[field] ?? fallback
  const name = names.find((known) => known === value)
  if (name === undefined) {
    throw new RangeError(
      `The scheduler's ${field} ${JSON.stringify(value)} is not supported: it must be one of ${names.join(', ')}.`,
    )
  }
  return name
}

function readTrainedBetas({ trained_betas: betas }: Fields): readonly number[] | null {
  if (betas === undefined || betas === null) return null
  if (!Array.isArray(betas) || betas.length === 0 || betas.some((beta) => typeof beta !== 'number')) {
    throw new TypeError("The scheduler's trained_betas is not a list of numbers.")
  }
  return betas
}

/**
 * Checks a parsed `scheduler_config.json`. A field left out means what it means in diffusers.
 *
 * `rescale_betas_zero_snr` is refused: it leaves no signal at the last timestep, sigma is infinite there, and no state
 * of that timestep leads back to a picture.
 *
 * @throws TypeError  when a field has the wrong type
 * @throws RangeError  when a value is out of its range or of a kind that is not supported
 */
export function readSchedulerConfig(config: unknown): SchedulerConfig {
  const fields = asFields(config)
  if (readFlag(fields, 'rescale_betas_zero_snr', false)) {
    throw new RangeError(
      'The scheduler sets rescale_betas_zero_snr: its last timestep holds no signal, so pictures cannot be encoded to it.',
    )
  }
  return {
    num_train_timesteps: readCount(fields, 'num_train_timesteps', 1000, 1),
    beta_start: readNumber(fields, 'beta_start', 0.0001),
    beta_end: readNumber(fields, 'beta_end', 0.02),
    trained_betas: readTrainedBetas(fields),
    beta_schedule: readChoice(fields, 'beta_schedule', betaSchedules, 'linear'),
    prediction_type: readChoice(fields, 'prediction_type', predictionTypes, 'epsilon'),
    clip_sample: readFlag(fields, 'clip_sample', true),
    clip_sample_range: readNumber(fields, 'clip_sample_range', 1),
    steps_offset: readCount(fields, 'steps_offset', 0, 0),
    set_alpha_to_one: readFlag(fields, 'set_alpha_to_one', true),
  }
}
