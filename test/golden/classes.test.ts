import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { engineRoutes } from '#shared/contract'
import { createEngineHandlers } from '#engine/handlers'
import { createTensor } from '#core/diffusion/tensor'
import { decodePng } from '#engine/image/decodePng'
import { classCondition } from '#engine/model/network/classCondition'
import { mixConditions, stackConditions } from '#engine/model/network/condition'
import { openModel } from '#engine/model/denoiser/openModel'
import { readTensor } from '#engine/model/weights/safetensors'
import { emptyFolder } from '../fixtures/exportTarget'
import { quietContext } from '../fixtures/job'
import { goldenRoot } from '../fixtures/modelCopy'
import { largestDifference, readGolden, timesteps } from './goldenUnet'

/** A tiny network of three classes with random weights; record.py recorded diffusers with classes 2 and 0. */
const folder = join(goldenRoot, 'class-conditional')

describe('a class-conditional network', () => {
  it('matches diffusers’ predictions with a class for each item (would catch one class used for a whole batch)', async () => {
    const { sample, epsilons } = await readGolden(folder)
    const model = await openModel({ path: folder, threads: 1 })
    const condition = stackConditions([2, 0].map((index) => classCondition(model.info, index)))
    for (const timestep of timesteps) {
      const { data } = await model.denoiser.predict(sample, timestep, { condition })
      expect(largestDifference(data, epsilons.get(timestep)!.data)).toBeLessThan(1e-4)
    }
    await model.close()
  })

  it('receives mixed embeddings between two classes (would catch the nearest class used instead)', async () => {
    const { sample } = await readGolden(folder)
    const mixed = await readTensor(join(folder, 'io.safetensors'), 'mixed')
    const model = await openModel({ path: folder, threads: 1 })
    const [from, to] = [2, 0].map((index) => classCondition(model.info, index))
    const between = mixConditions([from, to], [0.25, 0.75])
    const condition = stackConditions([between, between])
    const { data } = await model.denoiser.predict(sample, 500, { condition })
    expect(largestDifference(data, createTensor(mixed.shape, mixed.data).data)).toBeLessThan(1e-4)
    await model.close()
  })
})

describe('the class of a latent', () => {
  const model = { path: folder, threads: 1 }
  const decode = { solver: 'ddim', timestepSpacing: 'linear', steps: 2 } as const
  const handlers = createEngineHandlers()

  async function framesOf(plan: object, indices: number[]) {
    const request = engineRoutes['animation.frames'].input.parse({ model, plan, indices, decode })
    const { frames } = await handlers['animation.frames'](request, quietContext)
    return Promise.all(frames.map(async (png) => (await decodePng(png)).data.join()))
  }

  it('determines its picture and changes along a path (would catch frames of one class, or from another class’s cache)', async () => {
    const seeds = [0, 1, 2].map((index) => ({ kind: 'seed', seed: 7, class: index }))
    const alone = await framesOf({ kind: 'list', latents: seeds }, [0, 1, 2])
    expect(new Set(alone).size).toBe(3)
    const path = { kind: 'path', stops: seeds.slice(0, 2), segments: [{ frames: 2 }] }
    const [first, middle, last] = await framesOf(path, [0, 1, 2])
    expect([first, last]).toEqual(alone.slice(0, 2))
    expect(alone).not.toContain(middle)
  })

  it('is stored in the latent’s file and can be overridden', async () => {
    const path = join(emptyFolder(), 'a.safetensors')
    const latent = { kind: 'seed', seed: 7, class: 1 }
    const save = engineRoutes['latent.save'].input.parse({ model, latent, decode, path })
    expect((await handlers['latent.save'](save, quietContext)).class).toBe(1)
    const info = (of: object) =>
      handlers['latent.info'](engineRoutes['latent.info'].input.parse({ model, latent: of }), quietContext)
    expect((await info({ kind: 'file', path })).class).toBe(1)
    expect((await info({ kind: 'file', path, class: 2 })).class).toBe(2)
  })

  it('is not saved where it is a mixture, and the sentence says what to do', async () => {
    const path = join(emptyFolder(), 'mix.safetensors')
    const parts = [0, 1].map((one) => ({ weight: 1, latent: { kind: 'seed', seed: one, class: one } }))
    const mix = { kind: 'mix', parts }
    const save = engineRoutes['latent.save'].input.parse({ model, latent: mix, decode, path })
    await expect(handlers['latent.save'](save, quietContext)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('this mix has several classes or prompts'),
    })
    expect(existsSync(path)).toBe(false)
  })

  it('affects the Lab’s measurements and is required (would catch a study without a class)', async () => {
    const path = resolve('resources/samples/apple-golden.webp')
    const measure = (classes: object) => {
      const study = {
        stops: [{ kind: 'picture', picture: { path }, ...classes }],
        solvers: ['ddim'],
        timestepSpacings: ['linear'],
        steps: [2],
      }
      const request = { model, study, folder: emptyFolder(), figures: false }
      return handlers['lab.run'](engineRoutes['lab.run'].input.parse(request), quietContext)
    }
    const [one, other] = [await measure({ class: 0 }), await measure({ class: 2 })]
    expect(one.cells[0].mse).not.toBe(other.cells[0].mse)
    await expect(measure({})).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  it.each([
    ['none where one is wanted', folder, {}, /was trained on 3 classes: choose one of 0 to 2/],
    ['one that there is not', folder, { class: 3 }, /has no class 3: choose one of 0 to 2/],
    ['one where none is wanted', join(goldenRoot, 'one-layer'), { class: 0 }, /is not class-conditional/],
  ])('is refused in one sentence: %s', async (_, path, chosen, sentence) => {
    const request = engineRoutes['latent.info'].input.parse({
      model: { path, threads: 1 },
      latent: { kind: 'seed', seed: 1, ...chosen },
    })
    await expect(handlers['latent.info'](request, quietContext)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(sentence),
    })
  })
})
