import { betaSchedules, createBetas, type BetaSchedule } from './betas'
import { predictionTypes, type PredictionType } from './prediction'

/**
 * The fields of a diffusers `scheduler_config.json` that say how much noise a timestep means. What a field left out
 * stands for is diffusers' default. The rest of such a file configures one sampler and is not read: the solver here
 * is the user's choice.
 */
export interface SchedulerConfig {
  num_train_timesteps?: number
  beta_start?: number
  beta_end?: number
  beta_schedule?: string
  trained_betas?: readonly number[] | null
  prediction_type?: string
  clip_sample?: boolean
  clip_sample_range?: number
  steps_offset?: number
  set_alpha_to_one?: boolean
  rescale_betas_zero_snr?: boolean
}

/** How much noise each training timestep holds, and what the network that was trained on it predicts. */
export interface NoiseSchedule {
  /** T */
  readonly numTrainTimesteps: number
  /** The paper's alpha_t at t = 0 … T-1: falling, within (0, 1). */
  readonly alphasCumprod: Float64Array
  readonly predictionType: PredictionType
  /** Name of the schedule; `trained_betas` where the configuration lists the values themselves. */
  readonly betaSchedule: string
  /** Range that sampling may clip the predicted x0 to; null where the configuration clips nothing. */
  readonly clipRange: number | null
  /** Added to every `leading` timestep. */
  readonly stepsOffset: number
  /** alphaBar of the clean picture: 1, or that of timestep 0 where `set_alpha_to_one` is false. */
  readonly finalAlphaBar: number
}

/** Noise over signal, sigma = sqrt((1 - alphaBar) / alphaBar): the time of the ODE (paper, eq. 14). 0 at alphaBar 1. */
export function sigmaOf(alphaBar: number): number {
  return Math.sqrt((1 - alphaBar) / alphaBar)
}

/** Half the log signal-to-noise ratio, lambda = -ln sigma. Infinity at alphaBar 1. */
export function lambdaOf(alphaBar: number): number {
  return -Math.log(sigmaOf(alphaBar))
}

function asRecord(config: unknown): Record<string, unknown> {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new TypeError('The scheduler configuration is not a JSON object.')
  }
  return config as Record<string, unknown>
}

function readNumber(config: Record<string, unknown>, field: string, fallback: number): number {
  const value = config[field] ?? fallback
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`The scheduler's ${field} is ${JSON.stringify(value)}, not a number.`)
  }
  return value
}

function readCount(
  config: Record<string, unknown>,
  field: string,
  fallback: number,
  minimum: number,
): number {
  const value = readNumber(config, field, fallback)
  if (!Number.isInteger(value) || value < minimum) {
    throw new RangeError(`The scheduler's ${field} is ${value}, not a whole number of at least ${minimum}.`)
  }
  return value
}

function readChoice<Name extends string>(
  config: Record<string, unknown>,
  field: string,
  names: readonly Name[],
  fallback: Name,
): Name {
  const value = config[field] ?? fallback
  if (!names.includes(value as Name)) {
    throw new RangeError(
      `The scheduler's ${field} ${JSON.stringify(value)} is not supported: it must be one of ${names.join(', ')}.`,
    )
  }
  return value as Name
}

function readBetas(config: Record<string, unknown>, count: number): { name: string; betas: Float32Array } {
  const { trained_betas: trained } = config
  if (trained !== undefined && trained !== null) {
    if (!Array.isArray(trained) || trained.length === 0) {
      throw new TypeError("The scheduler's trained_betas is not a list of numbers.")
    }
    return { name: 'trained_betas', betas: Float32Array.from(trained as number[]) }
  }
  const name: BetaSchedule = readChoice(config, 'beta_schedule', betaSchedules, 'linear')
  const start = readNumber(config, 'beta_start', 0.0001)
  const end = readNumber(config, 'beta_end', 0.02)
  return { name, betas: createBetas(name, count, start, end) }
}

/** alphasCumprod_t = product over s <= t of (1 - beta_s): accumulated in float64, stored as float32, as PyTorch does. */
function accumulate(betas: Float32Array): Float64Array {
  let product = 1
  return Float64Array.from(betas, (beta, t) => {
    if (!(beta > 0 && beta < 1)) {
      throw new RangeError(`The scheduler's beta at timestep ${t} is ${beta}: it must lie between 0 and 1.`)
    }
    product *= Math.fround(1 - beta)
    return Math.fround(product)
  })
}

/**
 * Builds the noise schedule of a model from its parsed `scheduler_config.json`. alphasCumprod are diffusers' to the
 * bit (those of `sigmoid` to 2e-7), hence float32 values; everything computed from them is float64.
 *
 * `rescale_betas_zero_snr` is refused: it leaves no signal at the last timestep, sigma is infinite there, and no state
 * of that timestep leads back to a picture.
 *
 * @throws TypeError  when a field has the wrong type
 * @throws RangeError  when a value is out of its range or of a kind that is not supported
 */
export function createNoiseSchedule(config: unknown): NoiseSchedule {
  const fields = asRecord(config)
  if (fields.rescale_betas_zero_snr === true) {
    throw new RangeError(
      'The scheduler sets rescale_betas_zero_snr: its last timestep holds no signal, so pictures cannot be encoded to it.',
    )
  }
  const { name, betas } = readBetas(fields, readCount(fields, 'num_train_timesteps', 1000, 1))
  const alphasCumprod = accumulate(betas)
  return {
    numTrainTimesteps: alphasCumprod.length,
    alphasCumprod,
    predictionType: readChoice(fields, 'prediction_type', predictionTypes, 'epsilon'),
    betaSchedule: name,
    clipRange: fields.clip_sample === false ? null : readNumber(fields, 'clip_sample_range', 1),
    stepsOffset: readCount(fields, 'steps_offset', 0, 0),
    finalAlphaBar: fields.set_alpha_to_one === false ? alphasCumprod[0] : 1,
  }
}
