import { cleanLevel, sigmaOf, type NoiseLevel } from './noiseLevel'
import { readSchedulerConfig, type PredictionType, type SchedulerConfig } from './schedulerConfig'
import { schedulerFamilyOf } from './schedulerFamilies'

/** How much noise each training timestep holds, and what the network that was trained on it predicts. */
export interface NoiseSchedule {
  /** T */
  readonly numTrainTimesteps: number
  /** The level of each timestep 0 … T-1: ever noisier. */
  readonly levels: readonly NoiseLevel[]
  readonly predictionType: PredictionType
  /** Name of the schedule; `trained_betas` where the configuration lists the values themselves. */
  readonly betaSchedule: string
  /**
   * Range that sampling may clip the predicted x0 to; null where the configuration clips nothing, Infinity where states
   * have no range at all.
   */
  readonly clipRange: number | null
  /** Added to every `leading` timestep. */
  readonly stepsOffset: number
  /** Added to a timestep before a network is shown it; 0 when left out. Flow matching counts its noise from 1 to T. */
  readonly timestepOffset?: number
  /** Why pictures cannot be followed back to their noise, as a clause; left out where they can. */
  readonly noInverse?: string
  /** The level that stands for the clean picture: free of noise, or that of timestep 0 (`set_alpha_to_one` false). */
  readonly clean: NoiseLevel
}

/**
 * Timestep that stands for the clean picture: -1, one before the grid, where no noise is left in it; and 0 where the
 * schedule takes it for the state of timestep 0.
 */
export function cleanTimestep({ clean }: NoiseSchedule): number {
  return clean.noise === 0 ? -1 : 0
}

/**
 * The level at a timestep; at a fraction of one, signal^2 and noise^2 (the paper's alpha and 1 - alpha) are interpolated
 * between its neighbours, and in flow matching, whose levels lie on a line, signal and noise. Anything before timestep 0 lies
 * on the way to the clean picture, which is at -1.
 */
export function levelAt(schedule: NoiseSchedule, timestep: number): NoiseLevel {
  const below = Math.floor(timestep)
  const low = schedule.levels[below] ?? schedule.clean
  if (below === timestep) return low
  const high = schedule.levels[below + 1]
  const onLine = (a: number, b: number) => a + (timestep - below) * (b - a)
  const onCircle = (a: number, b: number) => Math.sqrt(onLine(a ** 2, b ** 2))
  const mix = isStraight(low) && isStraight(high) ? onLine : onCircle
  return { signal: mix(low.signal, high.signal), noise: mix(low.noise, high.noise) }
}

function isStraight({ signal, noise }: NoiseLevel): boolean {
  return Math.abs(signal + noise - 1) < 1e-9
}

/**
 * The noisiest that latents are by default. The first step of decoding multiplies the network's error by the signal
 * that it gains: little up to here, which is where the linear betas of Ho et al. end (sigma 157), and hundreds at the
 * end of a cosine schedule (sigma 20,000), from where no picture comes back.
 */
export const largestDefaultSigma = 160

/** Where latents end unless told otherwise: the last timestep whose sigma is at most {@link largestDefaultSigma}. */
export function defaultEndTimestep(schedule: NoiseSchedule): number {
  const last = schedule.levels.findLastIndex((level) => sigmaOf(level) <= largestDefaultSigma)
  return Math.max(last, cleanTimestep(schedule) + 1)
}

/**
 * Builds the noise schedule of a model from its parsed `scheduler_config.json`. alphasCumprod are diffusers' to the bit
 * (those of `sigmoid` to 2e-7), hence float32 values; everything computed from them is float64.
 *
 * @throws TypeError  when a field has the wrong type
 * @throws RangeError  when a value is out of its range or of a kind that is not supported
 */
export function createNoiseSchedule(config: unknown): NoiseSchedule {
  const family = schedulerFamilyOf(config)
  const fields = readSchedulerConfig(config, family.defaults)
  const levels = family.levelsOf(fields)
  return {
    numTrainTimesteps: levels.length,
    levels,
    predictionType: fields.prediction_type,
    betaSchedule: scheduleNameOf(fields),
    clipRange: fields.clip_sample ? fields.clip_sample_range : null,
    stepsOffset: fields.steps_offset,
    clean: fields.set_alpha_to_one ? cleanLevel : levels[0],
    ...(fields.prediction_type === 'flow_prediction' && { timestepOffset: 1 }),
    ...(family.noInverse && { noInverse: family.noInverse }),
  }
}

function scheduleNameOf(fields: SchedulerConfig): string {
  if (fields.prediction_type === 'flow_prediction') return 'flow matching'
  return fields.trained_betas ? 'trained_betas' : fields.beta_schedule
}
