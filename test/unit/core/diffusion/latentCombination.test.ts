import { describe, expect, it } from 'vitest'
import type { Latent } from '#core/diffusion/latent'
import { combineLatents, mixLatents, normOf } from '#core/diffusion/latentCombination'
import { drawLatent, latentOf } from './draws'

const shape = [1, 3, 32, 32]
const drawn = Math.sqrt(3 * 32 * 32)

const scaled = (latent: Latent, factor: number): Latent => combineLatents([latent], [factor])

describe('mixLatents', () => {
  it.each([
    [1, 1],
    [3, 1, 1],
    [0.2, -0.5, 4, 1],
    [1, 1, 1, 1, 1, 1, 1, 1],
  ])('keeps the norm of Gaussian draws, whatever the weights: %j %j', (...weights) => {
    for (const seed of [0, 50, 100]) {
      const latents = weights.map((_, i) => drawLatent(seed + i, shape))
      expect(normOf(mixLatents(latents, weights)) / drawn).toBeCloseTo(1, 1)
    }
  })

  it('mixes independent latents to the expected norm sqrt(sum(w^2 |x|^2) / sum(w^2)), within 1 %', () => {
    const long = [1, 3, 128, 128]
    for (const weights of [
      [1, 1, 1],
      [3, 1, 1, 0.5],
      [0.2, -0.5, 4, 1, 2],
    ]) {
      // Some a little too weak, some a little too strong, like latents of pictures.
      const latents = weights.map((_, i) => scaled(drawLatent(200 + i, long), 0.85 + 0.1 * i))
      const squares = weights.map((weight, i) => (weight * normOf(latents[i])) ** 2)
      const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
      const expected = Math.sqrt(sum(squares) / sum(weights.map((weight) => weight ** 2)))
      expect(Math.abs(normOf(mixLatents(latents, weights)) / expected - 1)).toBeLessThan(0.01)
    }
  })

  it('does not depend on the order of the latents', () => {
    const weights = [3, -1, 0.5, 2, 1]
    const latents = weights.map((_, i) => drawLatent(300 + i, shape))
    const mixed = mixLatents(latents, weights).x.data
    for (const order of [
      [4, 3, 2, 1, 0],
      [2, 0, 4, 1, 3],
    ]) {
      const other = mixLatents(
        order.map((at) => latents[at]),
        order.map((at) => weights[at]),
      ).x.data
      other.forEach((value, i) => expect(value).toBeCloseTo(mixed[i], 6))
    }
  })

  it('depends only on the ratios of the weights', () => {
    const latents = [1, 2, 3].map((seed) => drawLatent(seed, shape))
    const [small, large] = [mixLatents(latents, [1, 2, 3]), mixLatents(latents, [4, 8, 12])]
    small.x.data.forEach((value, i) => expect(value).toBeCloseTo(large.x.data[i], 6))
  })

  it('returns the only latent with a nonzero weight bit for bit', () => {
    const [a, b] = [drawLatent(1, shape), drawLatent(2, shape)]
    expect(mixLatents([a, b], [5, 0]).x.data).toEqual(a.x.data)
  })

  it('refuses weights that are all 0', () => {
    expect(() => mixLatents([drawLatent(1)], [0])).toThrow('add up to 0')
  })
})

describe('combineLatents', () => {
  it('rejects latents of different shapes or timesteps, and names the difference', () => {
    expect(() => combineLatents([latentOf(1), latentOf(1, 2)], [1, 1])).toThrow(
      /\[1, 1, 1, 1\].*\[1, 1, 1, 2\]/,
    )
    expect(() => combineLatents([latentOf(1), { ...latentOf(1), timestep: 500 }], [1, 1])).toThrow(
      /999.*500.*: make all of them with the same model, end timestep and solver\.$/,
    )
  })
})
