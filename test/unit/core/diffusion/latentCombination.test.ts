import { describe, expect, it } from 'vitest'
import { combineLatents, mixLatents, normOf } from '#core/diffusion/latentCombination'
import { drawLatent, latentOf } from './draws'

const shape = [1, 3, 32, 32]
const drawn = Math.sqrt(3 * 32 * 32)

describe('mixLatents', () => {
  it.each([
    [1, 1],
    [3, 1, 1],
    [0.2, -0.5, 4, 1],
    [1, 1, 1, 1, 1, 1, 1, 1],
  ])('mixes Gaussian draws to one of their norm, whatever the weights: %j %j', (...weights) => {
    for (const seed of [0, 50, 100]) {
      const latents = weights.map((_, i) => drawLatent(seed + i, shape))
      expect(normOf(mixLatents(latents, weights)) / drawn).toBeCloseTo(1, 1)
    }
  })

  it('goes by the proportions of the weights alone', () => {
    const latents = [1, 2, 3].map((seed) => drawLatent(seed, shape))
    const [small, large] = [mixLatents(latents, [1, 2, 3]), mixLatents(latents, [4, 8, 12])]
    small.x.data.forEach((value, i) => expect(value).toBeCloseTo(large.x.data[i], 6))
  })

  it('gives a latent alone back bit for bit', () => {
    const [a, b] = [drawLatent(1, shape), drawLatent(2, shape)]
    expect(mixLatents([a, b], [5, 0]).x.data).toEqual(a.x.data)
  })

  it('refuses weights that are all 0', () => {
    expect(() => mixLatents([drawLatent(1)], [0])).toThrow('a weight that is not 0')
  })
})

describe('combineLatents', () => {
  it('refuses latents that do not belong together, saying what differs', () => {
    expect(() => combineLatents([latentOf(1), latentOf(1, 2)], [1, 1])).toThrow(
      /\[1, 1, 1, 1\].*\[1, 1, 1, 2\]/,
    )
    expect(() => combineLatents([latentOf(1), { ...latentOf(1), timestep: 500 }], [1, 1])).toThrow(/999.*500/)
  })
})
