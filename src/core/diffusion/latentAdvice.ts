import { formatStatistic } from '../format/quantities'
import type { LatentStatistics } from './latentStatistics'

/** What a latent's statistics mean for mixing, in words. */
export interface LatentAdvice {
  /** Null if nobody has measured what such statistics do to the frames of this model. */
  level: 'good' | 'fair' | 'poor' | null
  sentence: string
  /** Whether latents of its timestep are Gaussian noise: only then have their statistics ideal values. */
  isNoise: boolean
}

/** The statistics that a latent is rated by. The norm follows from mean and standard deviation. */
export type RatedStatistic = Exclude<keyof LatentStatistics, 'normRatio'>

/** Values of a statistic, from the lowest to the highest. */
export type Range = readonly [low: number, high: number]

/** Where a statistic of a model's latents is good and where it is fair; beyond, it is poor. */
export interface HealthLimit {
  readonly good: Range
  readonly fair: Range
}

/** The limits of a model, as measured on it. */
export type HealthLimits = Readonly<Record<RatedStatistic, HealthLimit>>

/**
 * The statistics in the order in which they are named: what they are called in a sentence, the value of Gaussian
 * noise, and `spread`, the standard deviation over Gaussian draws of d values, times sqrt(d).
 *
 * The spreads are the large-sample values for d independent Gaussian values: 1 for the mean, 1/sqrt(2) for the
 * standard deviation, sqrt(24) for the kurtosis. Each of the two axes has about d pairs of neighbours, which gives
 * 1/sqrt(2) for their mean correlation.
 */
const statistics: readonly {
  readonly key: RatedStatistic
  readonly name: string
  readonly ideal: number
  readonly spread: number
}[] = [
  { key: 'mean', name: 'mean', ideal: 0, spread: 1 },
  { key: 'std', name: 'standard deviation', ideal: 1, spread: Math.SQRT1_2 },
  { key: 'kurtosis', name: 'excess kurtosis', ideal: 0, spread: Math.sqrt(24) },
  { key: 'neighbourCorrelation', name: 'neighbour correlation', ideal: 0, spread: Math.SQRT1_2 },
]

/** Up to this many spreads from the ideal value is always good: 1 draw in 16,000 is further off. */
const chance = 4

/**
 * Describes in words what a latent's statistics mean for mixing, naming the one that differs most from noise.
 *
 * A small latent strays further from the ideal by chance than a large one. Whatever the limits say, up to four
 * standard deviations of the sampling distribution are good and up to eight are fair.
 *
 * @param size  number of values that were measured
 * @param limits  null for a model that nobody has measured them on: then only what chance explains is rated
 */
export function adviseOnLatent(
  health: LatentStatistics,
  size: number,
  limits: HealthLimits | null,
): LatentAdvice {
  const verdicts = statistics.map(({ key, name, ideal, spread }) => ({
    severity: severityOf(health[key] - ideal, {
      byChance: (chance * spread) / Math.sqrt(size),
      limit: limits?.[key],
      ideal,
    }),
    words: `${name} ${formatStatistic(health[key]).replace('-', '−')}; noise has ${ideal}`,
  }))
  const { severity, words } = verdicts.reduce((worst, next) =>
    next.severity > worst.severity ? next : worst,
  )
  const rated = (level: LatentAdvice['level'], sentence: string) => ({ level, sentence, isNoise: true })
  if (severity <= 1) {
    return rated('good', `Latent looks ${limits ? 'healthy: it will blend well' : 'like Gaussian noise'}.`)
  }
  if (limits === null) return rated(null, `Latent differs from noise: ${words}.`)
  return severity <= 2
    ? rated('fair', `Latent may blend less well: ${words}.`)
    : rated('poor', `Latent may not blend well: ${words}.`)
}

/** Severity is 1 at the end of what is good, 2 at the end of what is fair, and increases steadily between. */
function severityOf(
  difference: number,
  { byChance, limit, ideal }: { byChance: number; limit: HealthLimit | undefined; ideal: number },
): number {
  const side = difference < 0 ? 0 : 1
  const limitOf = (range: Range | undefined) => (range ? Math.abs(range[side] - ideal) : 0)
  const good = Math.max(limitOf(limit?.good), byChance)
  const fair = Math.max(limitOf(limit?.fair), 2 * byChance)
  const distance = Math.abs(difference)
  return distance <= good ? distance / good : 1 + (distance - good) / (fair - good)
}

/** Says of a latent of an earlier timestep why it is not compared with noise. */
export function adviseOnEarlierLatent(timestep: number): LatentAdvice {
  return { level: null, sentence: `Latent of timestep ${timestep}: not noise yet.`, isNoise: false }
}
