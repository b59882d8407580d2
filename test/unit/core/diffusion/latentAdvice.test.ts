import { describe, expect, it } from 'vitest'
import { adviseOnLatent, type HealthLimits } from '#core/diffusion/latentAdvice'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import type { LatentStatistics } from '#core/diffusion/latentStatistics'
import { bundledModels } from '#shared/bundledModels'
import { drawTensor } from './draws'

const size = 3 * 64 * 64
const ideal: LatentStatistics = { mean: 0, std: 1, normRatio: 1, kurtosis: 0, neighbourCorrelation: 0 }
/** Narrower above the ideal value than below. */
const lopsided = { good: [-0.2, 0.1], fair: [-0.6, 0.3] } as const
const limits: HealthLimits = {
  mean: lopsided,
  std: { good: [0.8, 1.1], fair: [0.4, 1.3] },
  kurtosis: lopsided,
  neighbourCorrelation: lopsided,
}
const advise = (health: Partial<LatentStatistics>, of: HealthLimits | null = limits) =>
  adviseOnLatent({ ...ideal, ...health }, size, of)

describe('adviseOnLatent', () => {
  it.each([
    [1, 1, 8, 8],
    [1, 4, 24, 24],
    [1, 3, 64, 64],
  ])(
    'rates Gaussian draws of shape [%d, %d, %d, %d] as good (would catch limits that small latents exceed by chance)',
    (...shape) => {
      const d = shape.reduce((a, b) => a * b)
      for (let seed = 0; seed < 50; seed++) {
        const health = measureLatentStatistics(drawTensor(seed, shape))
        for (const of of [null, ...bundledModels.map(({ healthLimits }) => healthLimits)]) {
          expect(adviseOnLatent(health, d, of).level).toBe('good')
        }
      }
    },
  )

  it.each([
    [{ std: 0.82 }, 'good'],
    [{ std: 1.18 }, 'fair'],
    [{ std: 0.42 }, 'fair'],
    [{ std: 1.4 }, 'poor'],
    [{ mean: -0.7 }, 'poor'],
    [{ mean: 0.15 }, 'fair'],
    [{ mean: -0.15 }, 'good'],
    [{ neighbourCorrelation: 0.4 }, 'poor'],
    [{ neighbourCorrelation: -0.4 }, 'fair'],
  ] as const)('rates %o by the side of the limits that it lies on, as %s', (health, level) => {
    expect(advise(health).level).toBe(level)
  })

  it('names the statistic that is worst, with its value and that of noise (would catch a fixed order of precedence)', () => {
    expect(advise({ mean: 0.2, neighbourCorrelation: 0.9 }).sentence).toMatch(
      /neighbour correlation 0\.900; noise has 0/,
    )
    expect(advise({ std: 0.37, neighbourCorrelation: 0.12 }).sentence).toMatch(
      /standard deviation 0\.370; noise has 1/,
    )
  })

  it.each([
    [{ std: 1.0045 }, 'standard deviation 1.00[45]'],
    [{ mean: -0.0048 }, 'mean −0.005'],
  ])(
    'writes %o so that it differs from noise (would catch "standard deviation 1.00; noise has 1")',
    (health, words) => {
      const large = 4 * 1024 ** 2
      expect(adviseOnLatent({ ...ideal, ...health }, large, null).sentence).toMatch(
        new RegExp(`: ${words}; noise has`),
      )
    },
  )

  it('only states what differs in a model without limits (would catch limits of one model that condemn the latents of another)', () => {
    expect(advise({ std: 0.87 }, null)).toEqual({
      level: null,
      sentence: 'Latent differs from noise: standard deviation 0.870; noise has 1.',
      isNoise: true,
    })
  })
})
