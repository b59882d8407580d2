import { DomainError } from '../DomainError'
import { betaSchedules, type BetaSchedule } from './betas'

/** A scheduler's file is damaged: a field has another type than diffusers writes. The message is a sentence. */
export class MalformedScheduler extends TypeError {
  override readonly name = 'MalformedScheduler'
}

/** Prediction types of variance preserving schedules: noise, velocity (Salimans & Ho 2022) or picture. */
export const predictionTypes = ['epsilon', 'v_prediction', 'sample'] as const
/** All prediction types; `flow_prediction` is the velocity of flow matching (Lipman et al. 2023). */
export const allPredictionTypes = [...predictionTypes, 'flow_prediction'] as const
export type PredictionType = (typeof allPredictionTypes)[number]

/**
 * The fields of a diffusers `scheduler_config.json` that define the noise level of each timestep, under their
 * own names. The rest of such a file configures one sampler and is not read: here the user chooses the
 * solver.
 */
export interface SchedulerConfig {
  readonly num_train_timesteps: number
  readonly beta_start: number
  readonly beta_end: number
  readonly beta_schedule: BetaSchedule
  readonly trained_betas: readonly number[] | null
  readonly prediction_type: PredictionType
  readonly clip_sample: boolean
  /** Infinity does not clip. */
  readonly clip_sample_range: number
  readonly steps_offset: number
  readonly set_alpha_to_one: boolean
}

/**
 * The parsed fields before validation. Those listed here by name change the meaning of the fields of
 * {@link SchedulerConfig}.
 */
type Fields = {
  readonly [
    Field in
      | keyof SchedulerConfig
      | '_class_name'
      | 'rescale_betas_zero_snr'
      | 'invert_sigmas'
      | 'timestep_type'
      | 'final_sigmas_type'
      | 'predict_epsilon'
  ]?: unknown
}

function asFields(config: unknown): Fields {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new MalformedScheduler('The scheduler configuration is not a JSON object.')
  }
  return config
}

/** Treats a field that is null as omitted. */
function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

/** Returns a value as the file has it, which may be a number that JSON does not have. */
function asWritten(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

function readNumber(fields: Fields, field: keyof Fields, fallback: number): number {
  const value = fields[field] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    const wanted = typeof value === 'number' ? 'a finite number' : 'a number'
    throw new MalformedScheduler(`The scheduler's ${field} is ${asWritten(value)}, not ${wanted}.`)
  }
  return value
}

function readCount(fields: Fields, field: keyof Fields, fallback: number, minimum: number): number {
  const value = readNumber(fields, field, fallback)
  if (!Number.isInteger(value) || value < minimum) {
    throw new DomainError(`The scheduler's ${field} is ${value}, not a whole number of at least ${minimum}.`)
  }
  return value
}

/** Many times more than any published network has; more would fill memory with noise levels. */
const mostTimesteps = 100_000

/** Without their number, there are as many timesteps as the file lists betas. */
function readTimesteps(fields: Fields): number {
  const byDefault = readTrainedBetas(fields)?.length ?? 1000
  const count = readCount(fields, 'num_train_timesteps', byDefault, 1)
  if (count <= mostTimesteps) return count
  throw new DomainError(
    `The scheduler's num_train_timesteps is ${count}: more than ${mostTimesteps} are not supported.`,
  )
}

function readFlag(fields: Fields, field: keyof Fields, fallback: boolean): boolean {
  const value = fields[field] ?? fallback
  if (typeof value !== 'boolean') {
    throw new MalformedScheduler(`The scheduler's ${field} is ${asWritten(value)}, not true or false.`)
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
    throw new DomainError(
      `The scheduler's ${field} ${asWritten(value)} is not supported: it must be one of ${names.join(', ')}.`,
    )
  }
  return name
}

function readTrainedBetas({ trained_betas: betas }: Fields): readonly number[] | null {
  if (betas === undefined || betas === null) return null
  if (!Array.isArray(betas) || betas.length === 0 || !betas.every(Number.isFinite)) {
    throw new MalformedScheduler("The scheduler's trained_betas is not a list of numbers.")
  }
  return betas
}

/** Whether noise levels depend on `beta_start` and `beta_end`; otherwise whatever these are does not count. */
function dependsOnBounds(
  levels: Pick<SchedulerConfig, 'trained_betas' | 'beta_schedule' | 'prediction_type'>,
): boolean {
  return (
    levels.prediction_type !== 'flow_prediction' &&
    levels.trained_betas === null &&
    levels.beta_schedule !== 'squaredcos_cap_v2'
  )
}

/** Returns the range that x0 is clipped to, which counts only if it is clipped. */
function readClipRange(fields: Fields, clips: boolean): number {
  return clips && fields.clip_sample_range !== Infinity
    ? readNumber(fields, 'clip_sample_range', 1)
    : Infinity
}

/**
 * Rejects settings that give a timestep a different noise level from the one its betas define, or that show
 * the network something other than the timestep.
 */
function refuseOtherLevels(fields: Fields): void {
  const named = typeof fields._class_name === 'string' ? ` ${fields._class_name}` : ''
  if (readFlag(fields, 'rescale_betas_zero_snr', false)) {
    throw new DomainError(
      'The scheduler sets rescale_betas_zero_snr: its last timestep holds no signal, so pictures cannot be encoded to it.',
    )
  }
  if (readFlag(fields, 'invert_sigmas', false)) {
    throw new DomainError(
      `The scheduler${named} sets invert_sigmas: its network is shown how much picture there is, and not how much noise, which is not supported.`,
    )
  }
  if (fields.timestep_type === 'continuous') {
    throw new DomainError(
      `The scheduler${named} has the timestep_type continuous: its network is shown the logarithm of sigma instead of a timestep, which is not supported.`,
    )
  }
}

/**
 * Returns the supported prediction types. Flow matching networks predict its velocity and nothing else, and
 * no other networks do; the family's default for an omitted field tells which kind this is.
 */
function predictionChoices({
  prediction_type: byDefault,
}: Partial<SchedulerConfig>): readonly PredictionType[] {
  return byDefault === 'flow_prediction' ? [byDefault] : predictionTypes
}

/**
 * Returns the prediction type of files without one: old versions of diffusers had `predict_epsilon` instead.
 */
function defaultPrediction(fields: Fields): SchedulerConfig['prediction_type'] {
  return readFlag(fields, 'predict_epsilon', true) ? 'epsilon' : 'sample'
}

/**
 * Validates a parsed `scheduler_config.json`. An omitted field has its default in diffusers.
 *
 * `rescale_betas_zero_snr` is rejected: it leaves no signal at the last timestep, so sigma is infinite there
 * and no state at that timestep leads back to a picture.
 *
 * @param defaults  values of omitted fields for this family of schedulers
 * @throws MalformedScheduler  when a field has the wrong type
 * @throws DomainError  when a value is out of range or not supported
 */
export function readSchedulerConfig(
  config: unknown,
  defaults: Partial<SchedulerConfig> = {},
): SchedulerConfig {
  const given = asFields(config)
  refuseOtherLevels(given)
  const fields: Fields = { ...defaults, ...withoutNulls(given) }
  const clips = readFlag(fields, 'clip_sample', true)
  const levels = {
    trained_betas: readTrainedBetas(fields),
    beta_schedule: readChoice(fields, 'beta_schedule', betaSchedules, 'linear'),
    prediction_type: readChoice(
      fields,
      'prediction_type',
      predictionChoices(defaults),
      defaultPrediction(fields),
    ),
  }
  const bounds = dependsOnBounds(levels) ? fields : defaults
  return {
    ...levels,
    num_train_timesteps: readTimesteps(fields),
    beta_start: readNumber(bounds, 'beta_start', 0.0001),
    beta_end: readNumber(bounds, 'beta_end', 0.02),
    clip_sample: clips,
    clip_sample_range: readClipRange(fields, clips),
    steps_offset: readCount(fields, 'steps_offset', 0, 0),
    set_alpha_to_one: readFlag(fields, 'set_alpha_to_one', fields.final_sigmas_type !== 'sigma_min'),
  }
}
