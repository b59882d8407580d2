import { createBetas } from './betas'
import { readSchedulerConfig, type PredictionType } from './schedulerConfig'

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

/**
 * Timestep that stands for the clean picture: -1, one before the grid, where its alphaBar is 1; and 0 where the
 * schedule (`set_alpha_to_one` false) takes it for the state of timestep 0.
 */
export function cleanTimestep(schedule: NoiseSchedule): number {
  return schedule.finalAlphaBar === 1 ? -1 : 0
}

/** Noise over signal, sigma = sqrt((1 - alphaBar) / alphaBar): the time of the ODE (paper, eq. 14). 0 at alphaBar 1. */
export function sigmaOf(alphaBar: number): number {
  return Math.sqrt((1 - alphaBar) / alphaBar)
}

/** Half the log signal-to-noise ratio, lambda = -ln sigma. Infinity at alphaBar 1. */
export function lambdaOf(alphaBar: number): number {
  return -Math.log(sigmaOf(alphaBar))
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
 * Builds the noise schedule of a model from its parsed `scheduler_config.json`. alphasCumprod are diffusers' to the bit
 * (those of `sigmoid` to 2e-7), hence float32 values; everything computed from them is float64.
 *
 * @throws TypeError  when a field has the wrong type
 * @throws RangeError  when a value is out of its range or of a kind that is not supported
 */
export function createNoiseSchedule(config: unknown): NoiseSchedule {
  const fields = readSchedulerConfig(config)
  const { trained_betas, beta_schedule, num_train_timesteps, beta_start, beta_end } = fields
  const betas = trained_betas
    ? Float32Array.from(trained_betas)
    : createBetas(beta_schedule, num_train_timesteps, beta_start, beta_end)
  const alphasCumprod = accumulate(betas)
  return {
    numTrainTimesteps: alphasCumprod.length,
    alphasCumprod,
    predictionType: fields.prediction_type,
    betaSchedule: trained_betas ? 'trained_betas' : beta_schedule,
    clipRange: fields.clip_sample ? fields.clip_sample_range : null,
    stepsOffset: fields.steps_offset,
    finalAlphaBar: fields.set_alpha_to_one ? 1 : alphasCumprod[0],
  }
}
