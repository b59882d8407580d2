import type { LatentStatistics } from './latentStatistics'

/** What a latent's health means for mixing, in words. */
export interface LatentAdvice {
  level: 'good' | 'fair' | 'poor'
  sentence: string
}

/**
 * How to judge a difference in one direction: up to where it is good and up to where it is fair, and how to
 * describe it beyond `good`.
 */
interface Side {
  readonly good: number
  readonly fair: number
  /** Follows "slightly too" or "much too". */
  readonly words: string
}

/** One way in which a latent may differ from a draw from N(0, I). */
interface Trait {
  /** Signed difference from the value expected of a Gaussian draw. */
  readonly difference: (health: LatentStatistics) => number
  /** Standard deviation of that difference over Gaussian draws of d values, times sqrt(d). */
  readonly spread: number
  readonly low: Side
  readonly high: Side
}

/**
 * The spreads are the large-sample values for d independent Gaussian values: 1 for the mean, 1/sqrt(2) for
 * the standard deviation, sqrt(24) for the kurtosis. Each of the two axes has about d pairs of neighbours,
 * which gives 1/sqrt(2) for their mean correlation. The norm follows from mean and standard deviation and
 * needs no row of its own.
 *
 * The limits were measured on fruits-64 (`npm run bench health`), by changing one trait of Gaussian
 * draws and decoding them: up to `good` the pictures change by about 5 % of their range (root mean square),
 * up to `fair` by about 20 %. The mean has no limits: it shifts the brightness of the whole picture,
 * amplified by 1/sqrt(alphaBar).
 */
const traits: readonly Trait[] = [
  {
    difference: ({ mean }) => mean,
    spread: 1,
    low: { good: 0, fair: 0, words: 'dark: in-between frames may look darker' },
    high: { good: 0, fair: 0, words: 'bright: in-between frames may look brighter' },
  },
  {
    difference: ({ std }) => std - 1,
    spread: Math.SQRT1_2,
    low: { good: 0.02, fair: 0.13, words: 'weak: in-between frames may look pale' },
    high: { good: 0.01, fair: 0.03, words: 'strong: in-between frames may look noisy' },
  },
  {
    difference: ({ kurtosis }) => kurtosis,
    spread: Math.sqrt(24),
    low: { good: 0.5, fair: 1.3, words: 'uniform: in-between frames may look flat' },
    high: { good: 0.6, fair: 5, words: 'spiky: in-between frames may show specks' },
  },
  {
    difference: ({ neighbourCorrelation }) => neighbourCorrelation,
    spread: Math.SQRT1_2,
    low: { good: 0.06, fair: 0.25, words: 'grainy: in-between frames may look rough' },
    high: { good: 0.06, fair: 0.25, words: 'smooth: in-between frames may look soft' },
  },
]

/** Up to this many spreads from the expected value is always good: 1 in 16,000 draws is further off. */
const chance = 4

/**
 * Describes in words what a latent's health means for mixing, naming its worst trait.
 *
 * A small latent strays further from the ideal by chance than a large one. Whatever the limits say, up to
 * four standard deviations of the sampling distribution are good and up to eight are fair.
 *
 * @param size  number of values that were measured
 */
export function adviseOnLatent(health: LatentStatistics, size: number): LatentAdvice {
  const verdicts = traits.map((trait) => measureSeverity(trait, health, size))
  const { severity, words } = verdicts.reduce((worst, next) =>
    next.severity > worst.severity ? next : worst,
  )
  if (severity <= 1) {
    return { level: 'good', sentence: 'Latent looks healthy: this picture will blend well.' }
  }
  if (severity <= 2) return { level: 'fair', sentence: `Latent is slightly too ${words}.` }
  return { level: 'poor', sentence: `Latent is much too ${words}.` }
}

/** Severity is 1 at the `good` limit, 2 at the `fair` limit, and increases steadily with the difference. */
function measureSeverity({ difference, spread, low, high }: Trait, health: LatentStatistics, size: number) {
  const signed = difference(health)
  const side = signed < 0 ? low : high
  const byChance = (chance * spread) / Math.sqrt(size)
  const good = Math.max(side.good, byChance)
  const fair = Math.max(side.fair, 2 * byChance)
  const distance = Math.abs(signed)
  const severity = distance <= good ? distance / good : 1 + (distance - good) / (fair - good)
  return { severity, words: side.words }
}
