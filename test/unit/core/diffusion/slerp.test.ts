import { describe, expect, it } from 'vitest'
import type { Latent } from '#core/diffusion/latent'
import { slerp } from '#core/diffusion/slerp'
import { drawLatent, latentOf } from './draws'

const seeds = Array.from({ length: 20 }, (_, i) => i)
const valuesOf = ({ x }: Latent) => [...x.data]
const dot = (a: Latent, b: Latent) => a.x.data.reduce((sum, value, i) => sum + value * b.x.data[i], 0)
const norm = (a: Latent) => Math.sqrt(dot(a, a))
const angle = (a: Latent, b: Latent) => Math.acos(dot(a, b) / (norm(a) * norm(b)))

function unit(a: Latent): Latent {
  const length = norm(a)
  return latentOf(...a.x.data.map((value) => value / length))
}

function expectClose(actual: Latent, expected: readonly number[], digits = 6) {
  valuesOf(actual).forEach((value, i) => expect(value).toBeCloseTo(expected[i], digits))
}

describe('slerp', () => {
  it('turns at constant speed between unit latents and keeps the norm (would catch lerp or swapped weights)', () => {
    for (const seed of seeds) {
      const [from, to] = [unit(drawLatent(seed)), unit(drawLatent(seed + 100))]
      const whole = angle(from, to)
      for (const fraction of [0.1, 0.5, 0.8]) {
        const mixed = slerp(from, to, fraction)
        expect(norm(mixed)).toBeCloseTo(1, 6)
        expect(angle(from, mixed)).toBeCloseTo(fraction * whole, 5)
        expect(angle(mixed, to)).toBeCloseTo((1 - fraction) * whole, 5)
      }
    }
  })

  it('follows the unit circle (would catch degrees instead of radians)', () => {
    const third = slerp(latentOf(1, 0), latentOf(0, 1), 1 / 3)
    expectClose(third, [Math.sqrt(3) / 2, 0.5])
  })

  it('keeps the norm of Gaussian draws halfway, which lerp shrinks to 1/sqrt(2)', () => {
    for (const seed of seeds) {
      const [from, to] = [drawLatent(seed, [1, 3, 32, 32]), drawLatent(seed + 100, [1, 3, 32, 32])]
      expect(norm(slerp(from, to, 0.5)) / Math.sqrt(3 * 32 * 32)).toBeCloseTo(1, 1)
    }
  })

  it('gives the same path in reverse (would catch mismatched weights)', () => {
    const [from, to] = [drawLatent(1), drawLatent(2)]
    expectClose(slerp(from, to, 0.3), valuesOf(slerp(to, from, 0.7)), 5)
  })

  it('returns both ends bit for bit, as copies (would catch an end that drifts or is shared)', () => {
    const [from, to] = [drawLatent(3), drawLatent(4)]
    expect(slerp(from, to, 0).x.data).toEqual(from.x.data)
    expect(slerp(from, to, 1).x.data).toEqual(to.x.data)
    expect(slerp(from, to, 0).x.data).not.toBe(from.x.data)
  })

  it('stays precise for nearly opposite latents (would catch an angle computed as the arc cosine of the dot product)', () => {
    const off = 1e-5
    const mixed = slerp(latentOf(1, 0), latentOf(-1, off), 0.5)
    expect(norm(mixed)).toBeCloseTo(1, 5)
  })

  it('mixes parallel, opposite and zero latents linearly (would catch 0 / 0)', () => {
    expectClose(slerp(latentOf(1, 2), latentOf(2, 4), 0.5), [1.5, 3])
    expectClose(slerp(latentOf(1, 2), latentOf(-1, -2), 0.25), [0.5, 1])
    expectClose(slerp(latentOf(0, 0), latentOf(1, 2), 0.25), [0.25, 0.5])
    expectClose(slerp(latentOf(0, 0), latentOf(0, 0), 0.5), [0, 0])
  })

  it('is continuous where it switches to lerp (would catch a threshold set too wide)', () => {
    for (const off of [1e-2, 1e-4, 1e-5, 1e-6, 1e-7]) {
      const mixed = slerp(latentOf(1, 0), latentOf(Math.cos(off), Math.sin(off)), 0.5)
      expectClose(mixed, [Math.cos(off / 2), Math.sin(off / 2)], 7)
    }
  })

  it('mixes previous states with the same weights as the latents (would catch the two states of a pair diverging)', () => {
    const from = { ...latentOf(1, 0), previousState: { x: latentOf(3, 0).x, timestep: 979 } }
    const to = { ...latentOf(0, 1), previousState: { x: latentOf(5, 0).x, timestep: 979 } }
    const { previousState } = slerp(from, to, 0.5)
    expect(previousState?.timestep).toBe(979)
    expect(previousState?.x.data[0]).toBeCloseTo((3 + 5) / Math.SQRT2, 5)
  })

  it('rejects mismatched latents, naming the difference, and fractions outside [0, 1]', () => {
    const latent = latentOf(1, 2)
    const pair = { ...latent, previousState: { x: latent.x, timestep: 979 } }
    expect(() => slerp(latent, latentOf(1, 2, 3), 0.5)).toThrow(/\[1, 1, 1, 2\].*\[1, 1, 1, 3\]/)
    expect(() => slerp(latent, { ...latent, timestep: 500 }, 0.5)).toThrow(/999.*500/)
    expect(() => slerp(latent, pair, 0.5)).toThrow(RangeError)
    for (const fraction of [-0.01, 1.01, NaN])
      expect(() => slerp(latent, latent, fraction)).toThrow(RangeError)
  })
})
