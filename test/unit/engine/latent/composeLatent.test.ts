import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createGaussian } from '#core/random/gaussian'
import { mixLatents, normOf } from '#core/diffusion/latentCombination'
import { dot } from '#core/numbers/vectors'
import { createTensor } from '#core/diffusion/tensor'
import type { Job } from '#engine/job/Job'
import { createLatentCache } from '#engine/latent/latentCache'
import { requireRecordable } from '#engine/latent/latentFile'
import { encodeNpy } from '#engine/model/weights/npy'
import { resolveLatent } from '#engine/latent/resolveLatent'
import type { Model } from '#engine/model/denoiser/model'
import type { ModelInfo } from '#shared/reports'
import { latentSource, type LatentSource } from '#shared/latentSource'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { jobOfPredictor } from '../../../fixtures/job'
import { picturePath } from '../../../fixtures/picturePath'
import { gaussianEpsilon, schedule } from '../../core/diffusion/closedForm'

const info = {
  id: 'gaussian',
  sha256: 'a1',
  scheduleHash: 'b2',
  classes: null,
  state: { channels: 3, height: 8, width: 8 },
  picture: { channels: 3, height: 8, width: 8 },
  autoencoder: null,
} as ModelInfo
const job = jobOfPredictor(schedule, gaussianEpsilon(schedule), { shape: [3, 8, 8], info })

const resolve = (source: unknown) => resolveLatent(createLatentCache(), job, latentSource.parse(source), null)
const seed = (number: number): LatentSource => ({ kind: 'seed', seed: number })
const mix = (...parts: [weight: number, latent: LatentSource][]) => ({
  kind: 'mix',
  parts: parts.map(([weight, latent]) => ({ weight, latent })),
})

it('mixes latents as z = sum(w x) / sqrt(sum w^2)', async () => {
  const [a, b] = [await resolve(seed(1)), await resolve(seed(2))]
  const expected = mixLatents([a.latent, b.latent], [1, 2])
  const { latent, report } = await resolve(mix([1, seed(1)], [2, seed(2)]))
  latent.x.data.forEach((value, i) => expect(value).toBeCloseTo(expected.x.data[i], 6))
  expect(report.mixedFrom?.map(({ weight, seed: one }) => [weight, one])).toEqual([
    [1, 1],
    [2, 2],
  ])
})

it('gives bit-identical mixes for any order of the parts', async () => {
  const parts = [1, 2, 3, 4, 5].map((number): [number, LatentSource] => [1 / number, seed(number)])
  const [forth, back] = [await resolve(mix(...parts)), await resolve(mix(...[...parts].reverse()))]
  expect(back.latent.x.data).toEqual(forth.latent.x.data)
  expect(back.key).toBe(forth.key)
})

it('merges repeated parts of a mix, so that a latent mixed only with itself is unchanged (would catch a growing norm)', async () => {
  const { latent } = await resolve(mix([1, seed(1)], [3, seed(1)]))
  expect(latent.x.data).toEqual((await resolve(seed(1))).latent.x.data)
})

/** All orders of a list. */
const ordersOf = <T>(list: readonly T[]): T[][] =>
  list.length < 2
    ? [[...list]]
    : list.flatMap((item, i) => ordersOf(list.filter((_, k) => k !== i)).map((rest) => [item, ...rest]))

it('takes weights of one latent that cancel as 0, in every order (would catch a mix decided by rounding)', async () => {
  for (const weights of ordersOf([0.1, 0.2, 0.3, -0.6])) {
    const cancelling = weights.map((weight): [number, LatentSource] => [weight, seed(1)])
    await expect(resolve(mix(...cancelling))).rejects.toThrow('add up to 0')
    const { latent, report } = await resolve(mix([1, seed(2)], ...cancelling))
    expect(latent.x.data).toEqual((await resolve(seed(2))).latent.x.data)
    expect(report.mixedFrom?.map(({ weight, seed: one }) => [one, weight]).sort()).toEqual([
      [1, 0],
      [2, 1],
    ])
  }
})

it('gives repeated parts one weight in every order, and a small one that does not cancel is kept', async () => {
  // One after the other, 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 round differently.
  for (const scale of [1, 1e-15]) {
    const weights = new Set<number | undefined>()
    for (const order of ordersOf([0.1, 0.2, 0.3])) {
      const repeated = order.map((weight): [number, LatentSource] => [weight * scale, seed(1)])
      const { report } = await resolve(mix([1, seed(2)], ...repeated))
      weights.add(report.mixedFrom?.find(({ seed: one }) => one === 1)?.weight)
    }
    expect(weights.size).toBe(1)
    expect([...weights][0]! / scale).toBeCloseTo(0.6, 12)
  }
})

it('mixes seeds, latent files and other mixes', async () => {
  const path = join(emptyFolder(), 'latent.npy')
  await writeFile(path, encodeNpy((await resolve(seed(9))).latent.x))
  const { latent } = await resolve(
    mix([1, { kind: 'file', path }], [1, mix([1, seed(2)], [1, seed(3)]) as LatentSource]),
  )
  const parts = await Promise.all([seed(9), seed(2), seed(3)].map(resolve))
  const expected = mixLatents(
    parts.map((part) => part.latent),
    [Math.SQRT2, 1, 1],
  )
  latent.x.data.forEach((value, i) => expect(value).toBeCloseTo(expected.x.data[i], 5))
})

it('rejects a mix whose weights sum to 0 and a mix of latents at different timesteps, and says why', async () => {
  await expect(resolve(mix([1, seed(1)], [-1, seed(1)]))).rejects.toThrow('add up to 0')
  await expect(resolve(mix([1, seed(1)], [1, { kind: 'seed', seed: 2, endTimestep: 600 }]))).rejects.toThrow(
    'Only latents of one kind can be mixed',
  )
})

it('moves a latent along directions and on walks, keeps its norm, and gives the same key each time', async () => {
  const from = seed(1)
  const sources = [
    { kind: 'direction', from, plus: [seed(2)], minus: [seed(3)], strength: 1 },
    { kind: 'principal', from, of: [seed(2), seed(3), seed(4)], component: 1, strength: 2 },
    { kind: 'walk', around: from, seed: 5, angle: 20, turn: 0.25 },
  ]
  const { latent } = await resolve(from)
  for (const source of sources) {
    const [moved, again] = [await resolve(source), await resolve(source)]
    expect(normOf(moved.latent)).toBeCloseTo(normOf(latent), 3)
    expect(moved.latent.x.data).not.toEqual(latent.x.data)
    expect(again.key).toBe(moved.key)
    expect(moved.report.movedFrom).toEqual({ source: null, seed: 1 })
  }
})

it.each<[string, LatentSource]>([
  ['a seed', seed(5)],
  ['a mix of one seed', mix([2, seed(5)]) as LatentSource],
  ['a negative mix of one seed', mix([-1, seed(5)]) as LatentSource],
  [
    'a direction from an item to itself',
    { kind: 'direction', from: seed(5), plus: [seed(2)], minus: [seed(2)], strength: 1 },
  ],
])('walks around %s with the same seed (would catch axes along the latent, and NaN)', async (_, around) => {
  const { latent } = await resolve(around)
  for (const turn of [0, 0.25, 0.6]) {
    const moved = (await resolve({ kind: 'walk', around, seed: 5, angle: 60, turn })).latent
    expect(normOf(moved)).toBeCloseTo(normOf(latent), 3)
    expect(dot(moved.x.data, latent.x.data) / normOf(latent) ** 2).toBeCloseTo(0.5, 4)
  }
})

it('draws the axes of a walk with another seed as the first two draws of that seed (would catch walks that changed)', async () => {
  const draws = new Float32Array(2 * 192)
  createGaussian(5).fill(draws)
  const [u, v] = [draws.subarray(0, 192), draws.subarray(192)]
  const { latent } = await resolve(seed(1))
  const z = latent.x.data
  // A quarter of the circle apart, in the plane of each draw with what lies before it.
  const at = async (turn: number) =>
    (await resolve({ kind: 'walk', around: seed(1), seed: 5, angle: 90, turn })).latent.x.data
  const [first, second] = [await at(0), await at(0.25)]
  const residual = (draw: Float32Array, others: Float32Array[]) => {
    const rest = others.reduce(
      (left, other) => left.map((value, i) => value - (dot(draw, other) / dot(other, other)) * other[i]),
      draw.slice(),
    )
    return Math.sqrt(dot(rest, rest) / dot(draw, draw))
  }
  expect(residual(u, [z])).toBeGreaterThan(0.9)
  expect(residual(u, [z, first])).toBeLessThan(1e-3)
  expect(residual(v, [z, first])).toBeGreaterThan(0.9)
  expect(residual(v, [z, first, second])).toBeLessThan(1e-3)
})

describe('what a composed latent is decoded with', () => {
  const texts = {
    find: () => undefined,
    encode: (text: string) =>
      Promise.resolve({ text: createTensor([1, 2], Float32Array.of(text.length, 1)) }),
  } as unknown as Model['texts']
  const onTexts = jobOfPredictor(schedule, gaussianEpsilon(schedule), {
    shape: [3, 8, 8],
    info,
    texts,
    compute: { provider: 'cpu', runtime: 'x', threads: 1 } as Model['compute'],
  })
  const onClasses = jobOfPredictor(schedule, gaussianEpsilon(schedule), {
    shape: [3, 8, 8],
    info: { ...info, classes: 3 },
  })
  const of = (on: Job, source: unknown) =>
    resolveLatent(createLatentCache(), on, latentSource.parse(source), null)
  const told = (number: number, prompt: string) => ({ ...seed(number), prompt, sourcePrompt: 'noise' })
  const classed = (number: number, one: number) => ({ ...seed(number), class: one })
  const mixOf = (...parts: readonly object[]) =>
    mix(...parts.map((one): [number, LatentSource] => [1, one as LatentSource]))
  const pictured = (prompt: string) => ({
    kind: 'picture',
    picture: { path: picturePath('grey.jpg') },
    encode: { steps: 2 },
    prompt,
  })
  const decodedAlike =
    'the prompts that the parts of this mix were encoded with differ, and a latent file records one: choose a name that ends in .npy'
  const walkAround = (around: object) => ({ kind: 'walk', around, seed: 5, angle: 20, turn: 0 })

  it('keeps the prompts of the latent it was moved from (would catch a saved walk that decodes to another picture)', async () => {
    const from = told(1, 'a pear')
    const group = { plus: [seed(2)], minus: [seed(3)], of: [seed(2), seed(3), seed(4)], strength: 1 }
    for (const source of [
      walkAround(from),
      { ...group, kind: 'direction', from },
      { ...group, kind: 'principal', from, component: 0 },
    ]) {
      const { report } = await of(onTexts, source)
      expect(report.prompts).toEqual({ prompt: 'a pear', sourcePrompt: 'noise' })
    }
  })

  it('is known also to a job that computes nothing, as it names the results (would catch a saved project that loses them)', async () => {
    const computesNothing = onTexts.with({ computes: 'nothing' })
    for (const source of [mixOf(told(1, 'a pear'), told(2, 'a fig')), walkAround(told(1, 'a pear'))]) {
      expect((await of(computesNothing, source)).key).toBe((await of(onTexts, source)).key)
    }
    expect((await of(computesNothing, told(1, 'a pear'))).condition).toEqual({})
  })

  it('is common to the parts of a mix that agree, whatever has no weight', async () => {
    const pear = mix([1, told(1, 'a pear')], [2, told(2, 'a pear')], [0, told(3, 'a fig')])
    const { report, mixedConditions } = await of(onTexts, pear)
    expect(report.prompts).toEqual({ prompt: 'a pear', sourcePrompt: 'noise' })
    expect(mixedConditions).toBeUndefined()
    expect((await of(onClasses, mixOf(classed(1, 2), classed(2, 2)))).report.class).toBe(2)
    expect((await resolve(mixOf(seed(1), seed(2)))).mixedConditions).toBeUndefined()
  })

  it.each<[string, Job, object, string?]>([
    ['two prompts', onTexts, mixOf(told(1, 'a pear'), told(2, 'a fig'))],
    ['two classes', onClasses, mixOf(classed(1, 0), classed(2, 1))],
    [
      'mixes of the same two classes',
      onClasses,
      mixOf(mixOf(classed(1, 0), classed(2, 1)), mixOf(classed(3, 0), classed(4, 1))),
    ],
    ['a walk around a mix of two classes', onClasses, walkAround(mixOf(classed(1, 0), classed(2, 1)))],
    [
      'a picture and a seed',
      onTexts,
      mixOf(pictured('a cat'), { ...seed(1), prompt: 'a cat' }),
      decodedAlike,
    ],
    [
      'a picture, and a mix of it and a seed',
      onTexts,
      mixOf(pictured('a cat'), mixOf(pictured('a cat'), { ...seed(1), prompt: 'a cat' })),
      decodedAlike,
    ],
    [
      'a picture and a seed of two prompts',
      onTexts,
      mixOf(pictured('a cat'), { ...seed(1), prompt: 'a fig' }),
    ],
  ])(
    'is a mixture for %s, which no file records (would catch a file that decodes to another picture)',
    async (_what, on, source, advice = 'give its parts the same, or choose a name that ends in .npy') => {
      const resolved = await of(on, source)
      expect(resolved.report).toMatchObject({ class: null, prompts: null })
      expect(() => requireRecordable('mix.safetensors', resolved)).toThrow(
        expect.objectContaining({
          code: 'UNSUPPORTED',
          message: expect.stringContaining(advice),
        }),
      )
      expect(() => requireRecordable('mix.npy', resolved)).not.toThrow()
    },
  )
})
