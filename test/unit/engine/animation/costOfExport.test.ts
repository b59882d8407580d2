import { describe, expect, it } from 'vitest'
import { costOfExport } from '#engine/animation/costOfExport'
import { engineRoutes } from '#shared/contract'

/** DDIM takes one evaluation a step: 7 to encode a picture, and 3 to decode one. */
const encode = { solver: 'ddim', timestepSpacing: 'linear', steps: 7 }
const decode = { solver: 'ddim', timestepSpacing: 'linear', steps: 3 }
const picture = (name: string, more: object = {}) => ({
  kind: 'picture',
  picture: { path: `/${name}.png` },
  encode,
  ...more,
})
const seed = (number: number) => ({ kind: 'seed', seed: number })
const mix = (...latents: object[]) => ({
  kind: 'mix',
  parts: latents.map((latent) => ({ latent, weight: 1 })),
})
const path = (stops: object[], segments: object[]) => ({ kind: 'path', stops, segments })
const hold = { frames: 100, easing: 'hold' }

const costOf = (plan: object, more: object = {}) =>
  costOfExport(
    engineRoutes['animation.export'].input.parse({
      model: { path: '/model' },
      plan,
      decode: { ...decode, ...more },
      target: { path: '/film.gif', format: 'gif', fps: 20, scale: 1 },
    }),
    -1,
  )

describe('the cost of an export', () => {
  it('decodes a hold once, and writes all its frames (would catch a hold of 100 frames charged 101 times)', () => {
    expect(costOf(path([seed(1), seed(2)], [hold]))).toEqual([{}, {}, { decode: 2 * 3 }, { write: 101 }])
  })

  it('encodes and decodes a stop once that is held by a copy of itself', () => {
    expect(costOf(path([picture('a'), picture('a'), picture('b')], [hold, { frames: 2 }]))).toEqual([
      { encode: 7, decode: 3 },
      {},
      { encode: 7, decode: 3 },
      // A, the frame between A and B, and B.
      { decode: 3 * 3 },
      { write: 103 },
    ])
  })

  it('decodes a picture in twice the evaluations that guidance leads to another prompt (would catch half the true time)', () => {
    const led = picture('a', { prompt: 'a castle', sourcePrompt: 'a house' })
    const costs = costOf({ kind: 'list', latents: [led] }, { guidance: 7.5 })
    expect(costs).toEqual([{ encode: 7, decode: 2 * 3 }, { decode: 2 * 3 }, { write: 1 }])
  })

  it('encodes a picture once that is in a mix and a stop too, and decodes it as a stop', () => {
    const stops = [mix(picture('a'), mix(picture('b'), picture('a'))), picture('a'), mix(picture('b'))]
    expect(costOf({ kind: 'list', latents: stops })).toEqual([
      { encode: 2 * 7 },
      { encode: 0, decode: 3 },
      {},
      { decode: 3 * 3 },
      { write: 3 },
    ])
  })

  it('encodes a picture once that two stops lead to different prompts, but not one under two source prompts', () => {
    const led = (prompt: string, sourcePrompt: string) => picture('a', { prompt, sourcePrompt })
    const stops = [led('a castle', 'a pear'), picture('a', { prompt: 'a pear' }), led('a pear', '')]
    expect(costOf({ kind: 'list', latents: stops }).slice(0, 3)).toEqual([
      { encode: 7, decode: 3 },
      { encode: 0, decode: 3 },
      { encode: 7, decode: 3 },
    ])
  })

  it('encodes a picture once that has no prompt and leads to one at another stop (would catch 14 evaluations for 7)', () => {
    const stops = [picture('a'), picture('a', { prompt: 'a night', sourcePrompt: '' })]
    expect(costOf({ kind: 'list', latents: stops }).slice(0, 2)).toEqual([
      { encode: 7, decode: 3 },
      { encode: 0, decode: 3 },
    ])
  })

  it('decodes a stop once that a path comes back to, and each picture of a list and of a grid', () => {
    const decoded = (plan: object) => costOf(plan).at(-2)
    const there = [{ frames: 2 }, { frames: 2 }]
    expect(decoded(path([seed(1), seed(2), seed(1)], there))).toEqual({ decode: 4 * 3 })
    expect(decoded({ kind: 'list', latents: [seed(1), seed(1)] })).toEqual({ decode: 2 * 3 })
    const corners = [1, 2, 3, 4].map(seed)
    expect(decoded({ kind: 'grid', corners, columns: 3, rows: 3 })).toEqual({ decode: 9 * 3 })
  })
})
