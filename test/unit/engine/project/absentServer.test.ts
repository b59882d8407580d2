import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { exportRepository } from '#engine/model/folders/exportRepository'
import { Job } from '#engine/job/Job'
import { OpenModels } from '#engine/model/denoiser/OpenModels'
import { withArchive } from '#engine/project/archive'
import { beginSaving } from '#engine/project/beginSaving'
import { ContentCache } from '#files/ContentCache'
import { inferenceServer } from '#shared/inferenceServer'
import { modelSource } from '#shared/modelSource'
import { tinyModel } from '../../../fixtures/cli'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { InferenceStandIn } from '../../../fixtures/inferenceServer'
import { quietContext } from '../../../fixtures/job'
import { filmOf, model, samplePath, startEngine } from '../../../fixtures/projects'

let stand: InferenceStandIn

beforeAll(async () => {
  const folder = join(emptyFolder(), 'repository')
  await exportRepository({ path: tinyModel }, { folder, precision: 'fp32', overwrite: false })
  stand = await InferenceStandIn.start(folder, [3, 16, 16])
})

afterEach(async () => {
  stand.isUnloaded = false
  await stand.stop()
  await stand.listen()
})

afterAll(() => stand.stop())

/** Where the CPU computes in the place of a server. */
const onCpu = {
  asked: 'server',
  askedPrecision: 'fp32',
  provider: 'cpu',
  precision: 'fp32',
  device: 'a CPU',
  parts: 1,
  reason: null,
} as const

const samples = ['apple-golden', 'tomato-heart', 'apple-red-yellow'].map(samplePath)

it('a project is saved with what the server computed and what the CPU did in its place', async () => {
  const folder = emptyFolder()
  const path = join(folder, 'film.slerp')
  const server = inferenceServer.parse({ url: stand.url, fallback: 'cpu' })
  const placement = onCpu
  const far = startEngine(join(folder, 'here'), { server })
  const { document } = await far.find(filmOf(samples), [])
  await far.show(document)
  await stand.stop()
  const near = startEngine(join(folder, 'here'), { placement })
  const other = { ...document, decode: { ...document.decode, steps: 2 } }
  await near.show(other)
  const engine = startEngine(join(folder, 'here'), { server })
  const framesOf = async (shown: typeof document, device: object) => {
    await engine.save(path, shown, { model: { ...model, ...device } })
    const names = await withArchive(path, async ({ parts }) => Object.keys(parts))
    return names.filter((name) => name.startsWith('frames/')).sort()
  }
  const [ofServer, ofCpu] = [await framesOf(document, { server }), await framesOf(other, { placement })]
  expect(await framesOf(document, { server, placement })).toEqual(expect.arrayContaining(ofServer))
  expect(await framesOf(other, { server, placement })).toEqual(expect.arrayContaining(ofCpu))
  expect(Math.min(ofServer.length, ofCpu.length)).toBeGreaterThan(0)
})

it('a model is opened once to save what its server and the CPU computed', async () => {
  const server = inferenceServer.parse({ url: stand.url, fallback: 'cpu' })
  const models = new OpenModels()
  const begin = vi.fn(
    async (source: Parameters<OpenModels['open']>[0]) =>
      new Job({ model: await models.open(source), context: quietContext, priority: 'export' }),
  )
  const source = modelSource.parse({ ...model, server, placement: onCpu })
  const jobs = await beginSaving(source, quietContext, { begin, seen: models.seen })
  expect(begin).toHaveBeenCalledOnce()
  const alone = [modelSource.parse({ ...model, server }), { ...source, server: undefined }]
  const opened = await Promise.all(alone.map((one) => models.open(one)))
  expect(jobs.map((job) => job.model.key)).toEqual(opened.map(({ key }) => key))
})

describe.each<[string, () => Promise<void> | boolean]>([
  ['does not answer', () => stand.stop()],
  ['no longer has the model', () => (stand.isUnloaded = true)],
])('while its server %s', (_, lose) => {
  it('a project is saved with its latents and frames, and shows them on a machine that never reached the server', async () => {
    const folder = emptyFolder()
    const path = join(folder, 'film.slerp')
    const server = inferenceServer.parse({ url: stand.url })
    const first = startEngine(join(folder, 'here'), { server })
    const { document } = await first.find(filmOf(samples), [])
    const frames = await first.show(document)
    await lose()
    const second = startEngine(join(folder, 'here'), { server })
    await second.save(path, document, { model: { ...model, server } })
    const names = await withArchive(path, async ({ parts }) => Object.keys(parts))
    // A film of three stops and three frames from each to the next.
    expect(names.filter((name) => name.startsWith('frames/'))).toHaveLength(7)
    const there = startEngine(join(folder, 'there'), { server })
    const { document: opened } = await there.open(path)
    expect(await there.show(opened)).toEqual(frames)
    expect(there.evaluations()).toBe(0)
  })
})

describe('a cache without the record of a server', () => {
  const framesIn = async (path: string) => {
    const names = await withArchive(path, async ({ parts }) => Object.keys(parts))
    return names.filter((name) => name.startsWith('frames/')).length
  }

  /** An engine that shows a film computed on the server, and another film like it. */
  async function begin() {
    const folder = emptyFolder()
    const server = inferenceServer.parse({ url: stand.url })
    const first = startEngine(join(folder, 'here'), { server })
    const { document } = await first.find(filmOf(samples), [])
    await first.show(document)
    const other = { ...document, encode: { ...document.encode, steps: 2 } }
    return { folder, path: join(folder, 'film.slerp'), server, first, other }
  }

  it('has it again once it was cleared while the server was in use (would catch a later save without its frames)', async () => {
    const { folder, path, server, first, other } = await begin()
    await first.clearCache()
    await first.show(other)
    await stand.stop()
    const second = startEngine(join(folder, 'here'), { server })
    await second.save(path, other, { model: { ...model, server } })
    expect(await framesIn(path)).toBeGreaterThan(0)
    expect(second.notices).toEqual([])
  })

  it('has it again once a project is saved', async () => {
    const { folder, path, server, first, other } = await begin()
    await new ContentCache(join(folder, 'here', 'results')).clear()
    await first.show(other)
    await first.save(path, other, { model: { ...model, server } })
    await stand.stop()
    const second = startEngine(join(folder, 'here'), { server })
    await second.save(path, other, { model: { ...model, server } })
    expect(await framesIn(path)).toBeGreaterThan(0)
  })

  it('is no silent reason for a save without its results', async () => {
    const folder = emptyFolder()
    const server = inferenceServer.parse({ url: stand.url })
    await stand.stop()
    const engine = startEngine(join(folder, 'here'), { server })
    const { document } = await engine.find(filmOf(samples), [])
    await engine.save(join(folder, 'film.slerp'), document, { model: { ...model, server } })
    expect(engine.notices).toEqual([expect.stringContaining(`${stand.url} was never reached`)])
  })
})
