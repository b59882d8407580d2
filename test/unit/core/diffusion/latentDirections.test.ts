import { describe, expect, it } from 'vitest'
import type { Latent } from '#core/diffusion/latent'
import { combineLatents, normOf } from '#core/diffusion/latentCombination'
import { alongDifference, alongPrincipal, drawAxes, walkAround } from '#core/diffusion/latentDirections'
import { dot } from '#core/numbers/vectors'
import { drawLatent, latentOf } from './draws'

const shape = [1, 1, 16, 16]
const draw = (seed: number) => drawLatent(seed, shape)
const productOf = (a: Latent, b: Latent) => dot(a.x.data, b.x.data)
const cosine = (a: Latent, b: Latent) => productOf(a, b) / normOf(a) / normOf(b)

describe('alongDifference', () => {
  it('moves towards one group and away from the other, keeping the norm', () => {
    const [latent, plus, minus] = [draw(1), [draw(2), draw(3)], [draw(4)]]
    const moved = alongDifference(latent, plus, minus, 2)
    expect(normOf(moved)).toBeCloseTo(normOf(latent), 3)
    for (const one of plus) expect(cosine(moved, one)).toBeGreaterThan(cosine(latent, one))
    expect(cosine(moved, minus[0])).toBeLessThan(cosine(latent, minus[0]))
  })

  it('returns the latent itself at strength 0, and moves the opposite way at strength -1', () => {
    const latent = latentOf(3, 4)
    const move = (strength: number) => alongDifference(latent, [latentOf(1, 0)], [latentOf(0, 0)], strength)
    expect([...move(0).x.data]).toEqual([3, 4])
    expect(move(1).x.data[0]).toBeCloseTo((5 * 4) / Math.hypot(4, 4), 5)
    expect(move(-1).x.data[0]).toBeCloseTo((5 * 2) / Math.hypot(2, 4), 5)
  })

  it('refuses an empty group', () => {
    expect(() => alongDifference(draw(1), [draw(2)], [], 1)).toThrow('at least one for each')
  })
})

describe('alongPrincipal', () => {
  it('finds the direction in which latents differ most (would catch products that are not centred)', () => {
    const axis = draw(50)
    const base = combineLatents([draw(51)], [20])
    const of = [-3, -1, 0, 1, 3].map((along, i) =>
      combineLatents([base, axis, draw(60 + i)], [1, along, 0.05]),
    )
    const move = (strength: number) => alongPrincipal(draw(1), of, 0, strength)
    const change = combineLatents([move(0.001), move(0)], [1, -1])
    expect(Math.abs(cosine(change, axis))).toBeGreaterThan(0.99)
  })

  it('measures strength in standard deviations', () => {
    const of = [-3, -1, 1, 3].map((x) => latentOf(x, 0, 0))
    // The sample variance of -3, -1, 1, 3 is 20 / 3. The first of them determines the sign.
    const moved = alongPrincipal(latentOf(0, 5, 0), of, 0, 1)
    expect(moved.x.data[0] / moved.x.data[1]).toBeCloseTo(-Math.sqrt(20 / 3) / 5, 5)
  })

  it('rejects a principal direction that does not exist, and says why', () => {
    const of = [draw(1), draw(2), draw(3)]
    expect(() => alongPrincipal(draw(1), of, 2, 1)).toThrow('3 latents have 2 principal directions')
    expect(() => alongPrincipal(draw(1), [draw(1)], 0, 1)).toThrow('at least two')
    expect(() => alongPrincipal(draw(1), [draw(2), draw(2)], 0, 1)).toThrow('do not differ')
  })

  it.each([1e-6, 1, 1e6])('rejects a direction of rounding alone in every order, at scale %d', (scale) => {
    const [a, b] = [combineLatents([draw(2)], [scale]), combineLatents([draw(3)], [scale])]
    const between = combineLatents([a, b], [0.3, 0.7])
    const move = (of: Latent[], component: number) => () => alongPrincipal(draw(1), of, component, 1)
    for (const third of [a, b, between]) {
      for (const of of [
        [a, b, third],
        [a, third, b],
        [b, a, third],
        [b, third, a],
        [third, a, b],
        [third, b, a],
      ]) {
        expect(move(of, 1)).toThrow('do not differ in that direction')
        expect(move(of, 0)).not.toThrow()
      }
    }
  })

  it('accepts a direction in which latents differ little, but by more than rounding', () => {
    const near = combineLatents([draw(2), draw(4)], [1, 1e-3])
    for (const of of [
      [draw(2), draw(3), near],
      [near, draw(2), draw(3)],
    ]) {
      expect(() => alongPrincipal(draw(1), of, 1, 1)).not.toThrow()
    }
  })
})

describe('walkAround', () => {
  const latent = draw(1)
  const at = (angle: number, turn: number) => walkAround(latent, [draw(2), draw(3)], { angle, turn })

  it('keeps a constant angle and norm all the way round', () => {
    for (const turn of [0, 0.1, 0.25, 0.7]) {
      expect(normOf(at(30, turn))).toBeCloseTo(normOf(latent), 3)
      expect(cosine(at(30, turn), latent)).toBeCloseTo(Math.cos(Math.PI / 6), 5)
    }
  })

  it('follows a circle at constant speed and returns to its start', () => {
    const steps = Array.from({ length: 8 }, (_, i) =>
      combineLatents([at(20, (i + 1) / 8), at(20, i / 8)], [1, -1]),
    )
    for (const step of steps) expect(normOf(step)).toBeCloseTo(normOf(steps[0]), 3)
    expect(cosine(at(20, 0), at(20, 1))).toBeCloseTo(1, 6)
  })

  it('refuses axes that share a plane with the latent (would catch NaN)', () => {
    const walk = (...axes: [Latent, Latent]) => walkAround(latent, axes, { angle: 20, turn: 0.3 })
    const inPlane = combineLatents([latent, draw(2)], [0.7, -2])
    expect(() => walk(latent, draw(2))).toThrow(RangeError)
    expect(() => walk(draw(2), inPlane)).toThrow('choose another seed')
  })

  it('returns the latent itself at an angle of 0 degrees', () => {
    expect(at(0, 0.3).x.data).toEqual(latent.x.data)
  })
})

describe('drawAxes', () => {
  const latent = draw(1)
  const from = (...draws: Latent[]) => drawAxes(latent, () => draws.shift()!)

  it('takes the first two draws, except those in one plane with the latent and the first axis', () => {
    const [u, v] = [draw(2), draw(3)]
    const inPlane = combineLatents([latent, u], [0.7, -2])
    expect(from(u, v)).toEqual([u, v])
    expect(from(latent, u, inPlane, v)).toEqual([u, v])
  })

  it('gives up on states too small for a circle', () => {
    const flat = latentOf(3, 4)
    expect(() =>
      walkAround(
        flat,
        drawAxes(flat, () => latentOf(1, 2)),
        { angle: 20, turn: 0 },
      ),
    ).toThrow('no circle')
  })
})
