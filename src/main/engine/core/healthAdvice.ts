import type { HealthAdvice, LatentHealth } from '#shared/reports'

/** One way in which a latent may differ from a draw from N(0, I), and what comes of it. */
interface Trait {
  /** Signed difference from what a Gaussian draw is expected to have. */
  readonly deviation: (health: LatentHealth) => number
  /** Standard deviation of that difference over Gaussian draws of d values, times sqrt(d). */
  readonly spread: number
  /** Differences up to the first are good, up to the second fair, beyond it poor: chosen by what they do to pictures. */
  readonly limits: readonly [good: number, fair: number]
  readonly low: string
  readonly high: string
}

/**
 * The spreads are the large-sample ones of d independent Gaussian values: 1 for the mean, 1/sqrt(2) for the standard
 * deviation, sqrt(24) for the kurtosis; each of the two axes has about d pairs of neighbours, so 1/sqrt(2) for their
 * mean correlation. The norm follows from mean and standard deviation and needs no line of its own.
 */
const traits: readonly Trait[] = [
  {
    deviation: ({ mean }) => mean,
    spread: 1,
    limits: [0.05, 0.2],
    low: 'dark: expect darker in-betweens',
    high: 'bright: expect brighter in-betweens',
  },
  {
    deviation: ({ std }) => std - 1,
    spread: Math.SQRT1_2,
    limits: [0.03, 0.15],
    low: 'faint: expect pale in-betweens',
    high: 'strong: expect harsh in-betweens',
  },
  {
    deviation: ({ kurtosis }) => kurtosis,
    spread: Math.sqrt(24),
    limits: [0.3, 1],
    low: 'even: expect flat in-betweens',
    high: 'spiky: expect blotches in the in-betweens',
  },
  {
    deviation: ({ neighbourCorrelation }) => neighbourCorrelation,
    spread: Math.SQRT1_2,
    limits: [0.05, 0.2],
    low: 'grainy: expect rough in-betweens',
    high: 'smooth: expect soft in-betweens',
  },
]

/** Draws this many spreads from the expected value are still called good: 1 in 16,000 is further off. */
const chance = 4

/**
 * Says in words what a latent's health means for mixing, naming its worst trait.
 *
 * A small latent strays further from the ideal by chance than a large one: up to four standard deviations of the
 * sampling distribution are good whatever the limits say, twice that is fair.
 *
 * @param size  number of values that were measured
 */
export function adviseOnHealth(health: LatentHealth, size: number): HealthAdvice {
  const judged = traits.map((trait) => judge(trait, health, size))
  const { severity, quality } = judged.reduce((worst, next) =>
    next.severity > worst.severity ? next : worst,
  )
  if (severity <= 1)
    return { level: 'good', sentence: 'Looks like Gaussian noise, as it should: it will mix well.' }
  if (severity <= 2) return { level: 'fair', sentence: `A little too ${quality}.` }
  return { level: 'poor', sentence: `Much too ${quality}.` }
}

/** Severity: up to 1 is good, up to 2 is fair; between and beyond the limits it grows with the difference. */
function judge({ deviation, spread, limits, low, high }: Trait, health: LatentHealth, size: number) {
  const difference = deviation(health)
  const byChance = (chance * spread) / Math.sqrt(size)
  const good = Math.max(limits[0], byChance)
  const fair = Math.max(limits[1], 2 * byChance)
  const distance = Math.abs(difference)
  const severity = distance <= good ? distance / good : 1 + (distance - good) / (fair - good)
  return { severity, quality: difference < 0 ? low : high }
}
