import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ContentCache } from '#files/ContentCache'
import { createEngineHandlers } from '#engine/handlers'
import { engineRoutes } from '#shared/contract'
import { emptyFolder } from '../../fixtures/exportTarget'
import { tinyModel } from '../../fixtures/cli'
import { quietContext } from '../../fixtures/job'

let folder: string
beforeEach(() => (folder = emptyFolder()))

/** A freshly started engine, on the disk on which earlier engines cached their results. */
function startEngine() {
  const handlers = createEngineHandlers({ disk: new ContentCache(join(folder, 'results')) })
  let evaluations = 0
  const context = {
    ...quietContext,
    evaluates() {
      evaluations++
    },
  }
  return { handlers, context, evaluations: () => evaluations }
}

const settings = { solver: 'ddim', timestepSpacing: 'linear', steps: 3 } as const
const model = { path: tinyModel, threads: 1 }
const apple = resolve('resources/samples/apple-red-yellow.webp')
const stopOf = (path: string) => ({ kind: 'picture' as const, picture: { path }, encode: settings })

async function encode(path: string, engine = startEngine()) {
  const request = engineRoutes['latent.encode'].input.parse({ model, ...stopOf(path), decode: settings })
  const report = await engine.handlers['latent.encode'](request, engine.context)
  return { report, evaluations: engine.evaluations() }
}

async function film(path: string, engine = startEngine()) {
  const request = engineRoutes['animation.frames'].input.parse({
    model,
    plan: { kind: 'path', stops: [stopOf(path), { kind: 'seed', seed: 7 }], segments: [{ frames: 3 }] },
    indices: [0, 1, 2, 3],
    decode: settings,
  })
  const { frames } = await engine.handlers['animation.frames'](request, engine.context)
  return { frames: frames.map((png) => Buffer.from(png)), evaluations: engine.evaluations() }
}

/** Paths of all cached results. */
async function kept(): Promise<string[]> {
  const names = await readdir(join(folder, 'results'), { recursive: true })
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).map((name) => join(folder, 'results', name))
}

describe('a restarted engine', () => {
  it('does not open a model only to time it, unless asked to (would catch gigabytes loaded for a cached picture)', async () => {
    await encode(apple)
    const engine = startEngine()
    await encode(apple, engine)
    const pace = (options: object) =>
      engine.handlers['model.pace'](
        engineRoutes['model.pace'].input.parse({ model, ...options }),
        engine.context,
      )
    expect(await pace({ measure: false })).toMatchObject({ secondsPerEvaluation: null })
    expect(engine.evaluations()).toBe(0)
    const measured = await pace({})
    expect(measured.secondsPerEvaluation).toBeGreaterThan(0)
    expect(await pace({ measure: false })).toEqual(measured)
  })

  it('reuses an earlier engine’s encoding without any evaluation, and returns the same report', async () => {
    const first = await encode(apple)
    const again = await encode(apple)
    expect(first.evaluations).toBe(6)
    expect(again.evaluations).toBe(0)
    expect(again.report).toEqual(first.report)
  })

  it('reuses an earlier engine’s frames without any evaluation, byte for byte', async () => {
    const first = await film(apple)
    const again = await film(apple)
    expect(first.evaluations).toBeGreaterThan(0)
    expect(again.evaluations).toBe(0)
    expect(again.frames).toEqual(first.frames)
  })

  it('recognises a copied and renamed picture by its content, and reports its new name', async () => {
    await encode(apple)
    const moved = join(folder, 'moved.webp')
    await copyFile(apple, moved)
    const { report, evaluations } = await encode(moved)
    expect(evaluations).toBe(0)
    expect(report.source?.name).toBe('moved.webp')
  })

  it('encodes again when another picture replaces the file at the same path', async () => {
    const path = join(folder, 'picture.webp')
    await copyFile(apple, path)
    await encode(path)
    await copyFile(resolve('resources/samples/tomato-cherry-red.webp'), path)
    expect((await encode(path)).evaluations).toBe(6)
  })

  it('recomputes damaged cache entries to the same result', async () => {
    const first = await encode(apple)
    for (const path of await kept()) {
      const bytes = await readFile(path)
      bytes[bytes.length - 1] ^= 0x40
      await writeFile(path, bytes)
    }
    const again = await encode(apple)
    expect(again.evaluations).toBe(6)
    expect({ ...again.report, seconds: 0 }).toEqual({ ...first.report, seconds: 0 })
  })

  it('reports the cache usage and empties the cache on request', async () => {
    await encode(apple)
    const { handlers, context } = startEngine()
    expect(await handlers['cache.usage']({}, context)).toMatchObject({ entries: 2, limitBytes: 4e9 })
    expect(await handlers['cache.change']({ clear: true }, context)).toMatchObject({ entries: 0, bytes: 0 })
    expect((await encode(apple)).evaluations).toBe(6)
  })
})

it('caches results in memory when there is no disk cache (would catch an engine that needs a disk)', async () => {
  const engine = { ...startEngine(), handlers: createEngineHandlers() }
  await encode(apple, engine)
  expect((await encode(apple, engine)).evaluations).toBe(6)
  expect(await engine.handlers['cache.usage']({}, engine.context)).toMatchObject({ limitBytes: 0 })
})
