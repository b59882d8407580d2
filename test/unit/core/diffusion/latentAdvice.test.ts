import { describe, expect, it } from 'vitest'
import { adviseOnLatent } from '#core/diffusion/latentAdvice'
import { measureLatentStatistics } from '#core/diffusion/latentStatistics'
import type { LatentStatistics } from '#core/diffusion/latentStatistics'
import { drawTensor } from './draws'

const size = 3 * 64 * 64
const ideal: LatentStatistics = { mean: 0, std: 1, normRatio: 1, kurtosis: 0, neighbourCorrelation: 0 }
const advise = (health: Partial<LatentStatistics>, values = size) =>
  adviseOnLatent({ ...ideal, ...health }, values)

describe('adviseOnLatent', () => {
  it.each([
    [1, 1, 8, 8],
    [1, 3, 32, 32],
    [1, 3, 64, 64],
  ])(
    'rates Gaussian draws of shape [%d, %d, %d, %d] as good (would catch limits that small latents exceed by chance)',
    (...shape) => {
      const d = shape.reduce((a, b) => a * b)
      for (let seed = 0; seed < 50; seed++) {
        expect(adviseOnLatent(measureLatentStatistics(drawTensor(seed, shape)), d).level).toBe('good')
      }
    },
  )

  it.each([
    [{ mean: 0.05 }, 'fair', /bright/],
    [{ mean: -0.5 }, 'poor', /dark/],
    [{ std: 0.9 }, 'fair', /weak/],
    [{ std: 1.4 }, 'poor', /noisy/],
    [{ kurtosis: 2 }, 'fair', /specks/],
    [{ kurtosis: -2 }, 'poor', /flat/],
    [
      { neighbourCorrelation: 0.1 },
      'fair',
      /^Latent is slightly too smooth: in-between frames may look soft\.$/,
    ],
    [{ neighbourCorrelation: -0.3 }, 'poor', /grainy/],
  ] as const)('rates %o as %s and names the problem', (health, level, sentence) => {
    expect(advise(health)).toEqual({ level, sentence: expect.stringMatching(sentence) })
  })

  it('rates a latent with std 0.36, typical of linear timesteps, as poor although it decodes back well', () => {
    expect(advise({ std: 0.36, normRatio: 0.36 }).level).toBe('poor')
  })

  it('names the worst trait, not the first (would catch a fixed order of precedence)', () => {
    expect(advise({ mean: 0.05, neighbourCorrelation: 0.5 }).sentence).toMatch(/smooth/)
    expect(advise({ mean: 0.5, neighbourCorrelation: 0.1 }).sentence).toMatch(/bright/)
  })

  it('takes too much noise more seriously than too little (would catch one limit for both signs)', () => {
    expect(advise({ std: 0.92 }).level).toBe('fair')
    expect(advise({ std: 1.08 }).level).toBe('poor')
  })
})
