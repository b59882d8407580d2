import { betaScheduleNames } from './betas'
import { withoutDeadFields } from './deadFields'
import { DomainError } from '../DomainError'
import { cleanLevel, sigmaOf, type NoiseLevel } from './noiseLevel'
import { readSchedulerConfig, type PredictionType, type SchedulerConfig } from './schedulerConfig'
import { schedulerFamilyOf } from './schedulerFamilies'

/** The noise level of each training timestep, and what the network trained on them predicts. */
export interface NoiseSchedule {
  /** T */
  readonly numTrainTimesteps: number
  /** The level of each timestep 0 … T-1, in order of increasing noise. */
  readonly levels: readonly NoiseLevel[]
  readonly predictionType: PredictionType
  /** What the levels come from, as people read it: "linear betas". */
  readonly scheduleName: string
  /**
   * Range to which diffusers clips the predicted x0; null if its sampler does not, or not as configured;
   * Infinity if states are unbounded.
   */
  readonly clipRange: number | null
  /**
   * Whether diffusers' sampler limits the predicted x0 by its own values (dynamic thresholding), which is not done
   * here; false if omitted.
   */
  readonly thresholds?: boolean
  /** Added to every `leading` timestep. */
  readonly stepsOffset: number
  /**
   * Added to a timestep before it is passed to the network; 0 if omitted. Flow matching numbers its noise
   * levels from 1 to T.
   */
  readonly timestepOffset?: number
  /** Why pictures cannot be inverted to noise, as a clause; omitted if they can. */
  readonly noInverse?: string
  /** The level of the clean picture: free of noise, or that of timestep 0 if `set_alpha_to_one` is false. */
  readonly clean: NoiseLevel
}

/**
 * Returns the timestep of the clean picture: -1, one before the grid, if it is free of noise; 0 if the
 * schedule takes it to be the state of timestep 0.
 */
export function cleanTimestep({ clean }: NoiseSchedule): number {
  return clean.noise === 0 ? -1 : 0
}

/**
 * Returns the level at a timestep. At a fractional timestep, signal^2 and noise^2 (the paper's alpha and
 * 1 - alpha) are interpolated between its neighbours; in flow matching, whose levels lie on a straight line,
 * signal and noise themselves are. Anything before timestep 0 lies on the way to the clean picture, which is
 * at -1.
 *
 * @param timestep  -1 ≤ timestep ≤ T-1
 * @throws DomainError  for any other
 */
export function levelAt(schedule: NoiseSchedule, timestep: number): NoiseLevel {
  const last = schedule.levels.length - 1
  if (!(timestep >= -1 && timestep <= last)) {
    throw new DomainError(`Timestep ${timestep} does not lie between -1 and ${last}.`)
  }
  const below = Math.floor(timestep)
  const low = below < 0 ? schedule.clean : schedule.levels[below]
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
 * The largest sigma of latents by default. The first decoding step multiplies the network's error by the
 * factor by which the signal grows. Up to here, where the linear betas of Ho et al. end (sigma 157), that
 * factor is small; at the end of a cosine schedule (sigma 20,000) it is in the hundreds, and no picture can
 * be recovered.
 */
const largestDefaultSigma = 160

/** Returns the default end timestep of encoding: the last with sigma up to {@link largestDefaultSigma}. */
export function defaultEndTimestep(schedule: NoiseSchedule): number {
  const last = schedule.levels.findLastIndex((level) => sigmaOf(level) <= largestDefaultSigma)
  return Math.max(last, cleanTimestep(schedule) + 1)
}

/** From this sigma on, a picture hardly shows in its noise: at 100, by a hundredth of it. */
const sigmaOfNoise = 100

/**
 * From this share of the sigma at the default end on, a state is as good as one of the end. `leading` spacing stops
 * one step before the end: with the betas of Stable Diffusion and 20 steps, at 0.76 of its sigma.
 */
const shareOfEnd = 0.7

/**
 * Returns whether states of a timestep are Gaussian noise as far as the schedule allows: those with sigma 100 or
 * more, and those at its default end and just before it, where some schedules stop with less.
 */
export function isNoiseAt(schedule: NoiseSchedule, timestep: number): boolean {
  const end = defaultEndTimestep(schedule)
  const enough = Math.min(sigmaOfNoise, shareOfEnd * sigmaOf(levelAt(schedule, end)))
  return timestep >= end || sigmaOf(levelAt(schedule, timestep)) >= enough
}

/**
 * Builds the noise schedule of a model from its parsed `scheduler_config.json`. alphasCumprod equals that of
 * diffusers to the bit (to 2e-7 for `sigmoid`), so its values are float32; everything computed from them is
 * float64.
 *
 * @throws MalformedScheduler  when a field has the wrong type
 * @throws DomainError  when a value is out of range or not supported
 */
export function createNoiseSchedule(json: unknown): NoiseSchedule {
  const config = withoutDeadFields(json)
  const family = schedulerFamilyOf(config)
  // Only a JSON object names a class, and with it a family that does not clip.
  const read = family.clips ? config : { ...(config as object), clip_sample: false }
  const fields = readSchedulerConfig(read, family.defaults)
  const levels = family.levelsOf(fields)
  return {
    numTrainTimesteps: levels.length,
    levels,
    predictionType: fields.prediction_type,
    scheduleName: scheduleNameOf(fields),
    clipRange: fields.clip_sample_range !== Infinity ? fields.clip_sample_range : null,
    ...((config as { thresholding?: unknown } | null)?.thresholding === true && { thresholds: true }),
    stepsOffset: fields.steps_offset,
    clean: fields.set_alpha_to_one ? cleanLevel : levels[0],
    ...(fields.prediction_type === 'flow_prediction' && { timestepOffset: 1 }),
    ...(family.noInverse && { noInverse: family.noInverse }),
  }
}

function scheduleNameOf(fields: SchedulerConfig): string {
  if (fields.prediction_type === 'flow_prediction') return 'flow matching'
  return fields.trained_betas ? 'custom betas' : betaScheduleNames[fields.beta_schedule]
}
