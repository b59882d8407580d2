import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportAnimation } from '#engine/animation/exportAnimation'
import { Job } from '#engine/job/Job'
import { createRenderCache } from '#engine/animation/renderCache'
import { mergeBatch } from '#engine/batch/mergeBatch'
import { runBatch } from '#engine/batch/runBatch'
import { createEngineHandlers } from '#engine/handlers'
import type { RequestContext } from '#engine/job/requestContext'
import { decodeNpy } from '#engine/model/weights/npy'
import { createGaussian } from '#core/random/gaussian'
import { openModel } from '#engine/model/denoiser/openModel'
import { engineRoutes } from '#shared/contract'
import type { ModelReading } from '#shared/modelSource'
import { toFailure, type Failure } from '#shared/errors'
import { exitCodeOf } from '../../../../src/cli/exitCodes'
import { tinyModel } from '../../../fixtures/cli'
import { emptyFolder } from '../../../fixtures/exportTarget'
import { jobOn, quietContext } from '../../../fixtures/job'

const classModel = 'test/golden/fixtures/unet/class-conditional'
const textModel = 'test/golden/fixtures/text/sd1'
const decode = { solver: 'ddim', timestepSpacing: 'linear', steps: 2 } as const

/** Runs one shard of a job on a tiny model. */
async function run(
  folder: string,
  changes: Record<string, unknown> = {},
  {
    model = tinyModel,
    context = quietContext,
    reading = {},
  }: { model?: string; context?: RequestContext; reading?: ModelReading } = {},
) {
  const request = engineRoutes['batch.run'].input.parse({
    model: { path: model, threads: 1 },
    plan: { kind: 'samples', seed: 5, count: 11 },
    decode,
    batch: 4,
    folder,
    content: 'npy',
    ...changes,
  })
  const opened = await openModel({ path: model, threads: 1, ...reading })
  const job = new Job({ model: opened, context, priority: 'export' })
  return runBatch(createRenderCache(), job, request)
}

function itemsIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => /\d\.(npy|png)$|latent/.test(name))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name)).toString('base64')]))
}

/** Returns the record in a file with some of its fields changed, as text. */
const edit = (path: string, changes: object) =>
  JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...changes })

const merge = (folder: string, target?: object) =>
  mergeBatch(engineRoutes['batch.merge'].input.parse({ folder, target }), quietContext)

describe('shards', () => {
  it('produce the same bytes as a single run, with noise and as floats (would catch a seed or noise counted from the shard’s start)', async () => {
    const [whole, shared] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')]
    const noisy = { decode: { ...decode, eta: 1, seed: 9 }, latents: true }
    await run(whole, noisy)
    for (const index of [2, 0, 1]) await run(shared, { ...noisy, shard: { index, count: 3 } })
    expect(itemsIn(shared)).toEqual(itemsIn(whole))
    expect(Object.keys(itemsIn(whole))).toHaveLength(22)
    expect(readFileSync(join(shared, 'provenance.json'))).toEqual(
      readFileSync(join(whole, 'provenance.json')),
    )
    expect(await merge(shared)).toMatchObject({ items: 11, shards: 3 })
  })

  it('save x_T exactly as drawn from the seed', async () => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, { latents: true, plan: { kind: 'samples', seed: 40, count: 3 } })
    const kept = decodeNpy(readFileSync(join(folder, '000002.latent.npy')))
    const drawn = new Float32Array(kept.data.length)
    createGaussian(42).fill(drawn)
    expect(kept.data).toEqual(drawn)
  })

  it('resume after a cancellation, and recompute lost items', async () => {
    const [whole, folder] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')]
    await run(whole)
    const cancel = new AbortController()
    const report: RequestContext['report'] = ({ item }) => (item ? cancel.abort() : undefined)
    const context = { ...quietContext, signal: cancel.signal, report }
    await expect(run(folder, {}, { context })).rejects.toThrow()
    expect(Object.keys(itemsIn(folder))).toHaveLength(4)
    expect(await run(folder)).toMatchObject({ items: 11, resumedItems: 4 })
    rmSync(join(folder, '000007.npy'))
    await expect(merge(folder)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await run(folder)).toMatchObject({ resumedItems: 10 })
    expect(itemsIn(folder)).toEqual(itemsIn(whole))
  })

  it('refuse a folder with different settings, with other files, or with items of an unknown job', async () => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, { shard: { index: 0, count: 2 } })
    const other = run(folder, { decode: { ...decode, steps: 3 }, shard: { index: 1, count: 2 } })
    await expect(other).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringContaining('(decode)'),
    })
    for (const name of ['provenance.json', 'shard-0-of-2.json']) rmSync(join(folder, name))
    await expect(run(folder)).rejects.toMatchObject({ code: 'EXISTS' })
    const diary = emptyFolder()
    writeFileSync(join(diary, 'diary.txt'), '')
    await expect(run(diary)).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringContaining('diary.txt'),
    })
  })

  it.each([
    ['damaged', (path: string) => writeFileSync(path, '{"provenance":{')],
    ['missing', (path: string) => rmSync(path)],
  ])(
    'restore a %s record of the job where merging says so, and keep the items (would catch finished work that no command takes up again)',
    async (what, lose) => {
      const folder = join(emptyFolder(), 'a')
      const record = join(folder, 'provenance.json')
      await run(folder)
      const [items, before] = [itemsIn(folder), readFileSync(record)]
      lose(record)
      await expect(merge(folder)).rejects.toMatchObject({
        code: 'UNREADABLE',
        message: `"${record}" is ${what}: repeat a command that made the items of its folder, which keeps them and writes this file anew.`,
      })
      await expect(run(folder, { decode: { ...decode, steps: 3 } })).rejects.toMatchObject({ code: 'EXISTS' })
      if (what === 'damaged') expect(readFileSync(record)).not.toEqual(before)
      rmSync(join(folder, '000007.npy'))
      expect(await run(folder)).toMatchObject({ items: 11, resumedItems: 10 })
      expect([itemsIn(folder), readFileSync(record)]).toEqual([items, before])
      expect(await merge(folder)).toMatchObject({ items: 11 })
    },
  )

  describe('whose folder a version began that did not record how a model is read', () => {
    const as = { reading: { prediction: 'epsilon' } } as const

    /** Such a folder, with all items but one. */
    async function begunEarlier(): Promise<{ folder: string; record: string }> {
      const folder = join(emptyFolder(), 'a')
      const record = join(folder, 'provenance.json')
      await run(folder, {}, as)
      const { provenance } = JSON.parse(readFileSync(record, 'utf8'))
      expect(provenance.reading).toEqual(as.reading)
      const before = edit(record, { provenance: { ...provenance, reading: undefined } })
      const shard = join(folder, 'shard-0-of-1.json')
      writeFileSync(record, before)
      writeFileSync(shard, edit(shard, { settings: createHash('sha256').update(before).digest('hex') }))
      rmSync(join(folder, '000007.npy'))
      return { folder, record }
    }

    it.each([false, true])('go on, with overwriting allowed: %s', async (overwrite) => {
      const { folder } = await begunEarlier()
      expect(await run(folder, { overwrite }, as)).toMatchObject({ items: 11, resumedItems: 10 })
      expect(await merge(folder)).toMatchObject({ items: 11 })
    })

    it('restore its record', async () => {
      const { folder, record } = await begunEarlier()
      const before = readFileSync(record, 'utf8')
      rmSync(record)
      expect(await run(folder, {}, as)).toMatchObject({ items: 11, resumedItems: 10 })
      expect(readFileSync(record, 'utf8')).toBe(before)
      expect(await merge(folder)).toMatchObject({ items: 11 })
    })
  })

  it.each<[string, (shard: string) => void]>([
    ['no shard recorded', (shard) => rmSync(shard)],
    ['a damaged record of a shard is all that is left of', (shard) => writeFileSync(shard, '{')],
    ['another version made', (shard) => writeFileSync(shard, edit(shard, { numericsVersion: 1 }))],
    ['an early version made', (shard) => writeFileSync(shard, edit(shard, { numericsVersion: undefined }))],
    [
      'two commands made',
      (shard) =>
        writeFileSync(join(dirname(shard), 'shard-1-of-2.json'), edit(shard, { settings: 'others' })),
    ],
  ])('promise nothing of items that %s once provenance.json is damaged', async (_what, spoil) => {
    const folder = join(emptyFolder(), 'a')
    const record = join(folder, 'provenance.json')
    await run(folder)
    writeFileSync(record, 'null')
    spoil(join(folder, 'shard-0-of-1.json'))
    await expect(merge(folder)).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: `"${record}" is damaged, and without it the items of its folder cannot be continued or merged: make them anew in another folder.`,
    })
  })

  it('replace the items of another job if allowed, and say how without it; those of the same job go on (would catch --force that is ignored)', async () => {
    const [folder, fresh] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')]
    await run(folder, { latents: true, plan: { kind: 'samples', seed: 5, count: 20 } })
    await expect(run(folder)).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringMatching(
        /: repeat the command that began the folder, allow overwriting, or choose another/,
      ),
    })
    expect(await run(folder, { overwrite: true })).toMatchObject({ items: 11, resumedItems: 0 })
    await run(fresh)
    expect(readdirSync(folder).sort()).toEqual(readdirSync(fresh).sort())
    expect(itemsIn(folder)).toEqual(itemsIn(fresh))
    rmSync(join(folder, '000007.npy'))
    expect(await run(folder, { overwrite: true })).toMatchObject({ resumedItems: 10 })
    writeFileSync(join(folder, 'provenance.json'), '{')
    expect(await run(folder, { overwrite: true, decode: { ...decode, steps: 3 } })).toMatchObject({
      resumedItems: 0,
    })
  })

  it.each([
    ['a file of something else', ['diary.txt', '000001.png', 'provenance.json']],
    ['pictures that no job records', ['000001.png']],
  ])('remove nothing from a folder with %s (would catch lost pictures)', async (_what, names) => {
    const folder = emptyFolder()
    for (const name of names) writeFileSync(join(folder, name), '{}')
    await expect(run(folder, { overwrite: true })).rejects.toMatchObject({ code: 'EXISTS' })
    expect(readdirSync(folder).sort()).toEqual([...names].sort())
  })

  it('say that a record is damaged where they cannot restore it', async () => {
    const folder = join(emptyFolder(), 'a')
    const record = join(folder, 'provenance.json')
    await run(folder)
    writeFileSync(record, 'null')
    await expect(run(folder, { decode: { ...decode, steps: 3 } })).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringMatching(
        /provenance\.json" is damaged, .*repeat the command that began the folder/,
      ),
    })
  })

  it('balance classes over all items, regardless of the shard', async () => {
    const [whole, shared, one] = ['a', 'b', 'c'].map((name) => join(emptyFolder(), name))
    const plan = { kind: 'samples', seed: 0, count: 6, balanced: true }
    await run(whole, { plan }, { model: classModel })
    for (const index of [0, 1]) await run(shared, { plan, shard: { index, count: 2 } }, { model: classModel })
    expect(itemsIn(shared)).toEqual(itemsIn(whole))
    await run(one, { plan: { ...plan, balanced: false, class: 1 } }, { model: classModel })
    const [balanced, first] = [itemsIn(whole), itemsIn(one)]
    expect(balanced['000001.npy']).toBe(first['000001.npy'])
    expect(balanced['000002.npy']).not.toBe(first['000002.npy'])
    await expect(run(join(emptyFolder(), 'd'), { plan })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })
})

const film = {
  kind: 'path',
  stops: [1, 2].map((seed) => ({ kind: 'seed', seed })),
  segments: [{ frames: 9 }],
}

describe('shards of a film', () => {
  const picture = (name: string) => ({
    kind: 'picture',
    picture: { path: resolve('resources/samples', name) },
    encode: { ...decode, steps: 4 },
  })
  const stops = [picture('apple-red-yellow.webp'), { kind: 'seed', seed: 1 }, picture('tomato-yellow.webp')]

  it.each([false, true])(
    'equal the frames that the window shows, pinned: %s (would catch a batch run that ignores the pins)',
    async (pinned) => {
      const plan = { kind: 'path', stops, segments: [{ frames: 3 }, { frames: 2 }], pinned }
      const folder = join(emptyFolder(), 'a')
      for (const index of [0, 1]) await run(folder, { plan, content: 'png', shard: { index, count: 2 } })
      const shown = engineRoutes['animation.frames'].input.parse({
        model: { path: tinyModel, threads: 1 },
        plan,
        indices: [0, 1, 2, 3, 4, 5],
        decode,
      })
      const { frames } = await createEngineHandlers()['animation.frames'](shown, quietContext)
      expect(Object.values(itemsIn(folder))).toEqual(frames.map((png) => Buffer.from(png).toString('base64')))
    },
  )
})

describe('shards of a part of a film', () => {
  const range = { start: 2, end: 7 }
  const part = { plan: film, content: 'png', range }

  it('number their frames as in the whole film (would catch shards that render the whole film or count from the part’s start)', async () => {
    const [whole, folder] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')]
    await run(whole, { plan: film, content: 'png' })
    expect(await run(folder, { ...part, shard: { index: 1, count: 3 } })).toMatchObject({
      total: 6,
      items: 2,
    })
    expect(Object.keys(itemsIn(folder))).toEqual(['000004.png', '000007.png'])
    await expect(merge(folder)).rejects.toMatchObject({
      message: expect.stringMatching(/4 of 6 items are missing, item 2 first.*shards 0, 2 of 3/),
    })
    for (const index of [0, 2]) await run(folder, { ...part, shard: { index, count: 3 } })
    const expected = Object.entries(itemsIn(whole)).slice(2, 8)
    expect(itemsIn(folder)).toEqual(Object.fromEntries(expected))
  })

  it('merge into the same film as a direct export of that part, byte for byte', async () => {
    const [folder, path] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'film.gif')]
    await run(folder, part)
    const target = { path: join(folder, '..', 'merged.gif'), format: 'gif', fps: 12 }
    expect(await merge(folder, target)).toMatchObject({ items: 6, output: { frames: 6 } })
    const request = engineRoutes['animation.export'].input.parse({
      model: { path: tinyModel, threads: 1 },
      plan: film,
      decode,
      batch: 4,
      target: { ...target, path, range },
    })
    await exportAnimation(createRenderCache(), await jobOn(tinyModel, { priority: 'export' }), request)
    expect(readFileSync(target.path)).toEqual(readFileSync(path))
  })

  it('merge as their film repeats, unless told otherwise or into a format that does not play', async () => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, { ...part, repeat: 'ping-pong' })
    const framesOf = async (name: string, format: string, more = {}) => {
      const { output } = await merge(folder, { path: join(folder, '..', name), format, ...more })
      return output!.frames
    }
    // Six frames forth, and the four between the ends back.
    expect(await framesOf('a.gif', 'gif')).toBe(10)
    expect(await framesOf('b.gif', 'gif', { repeat: 'forever' })).toBe(6)
    expect(await framesOf('c.png', 'contactSheet')).toBe(6)
  })

  it('do not resume what other numerics began (would catch a film of two versions)', async () => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, { ...part, shard: { index: 0, count: 2 } })
    const record = join(folder, 'provenance.json')
    const job = JSON.parse(readFileSync(record, 'utf8'))
    for (const numericsVersion of [undefined, 3]) {
      writeFileSync(record, JSON.stringify({ ...job, numericsVersion }))
      await expect(run(folder, { ...part, shard: { index: 1, count: 2 } })).rejects.toMatchObject({
        code: 'EXISTS',
        message: expect.stringContaining('was begun by another version of Slerp Studio'),
      })
    }
  })

  /** Changes what a folder's record says of how its items were computed. */
  function recompute(folder: string, compute: object, more: object = {}): void {
    const record = join(folder, 'provenance.json')
    const { provenance, ...job } = JSON.parse(readFileSync(record, 'utf8'))
    const all = { ...provenance, ...job, ...more, compute: { ...provenance.compute, ...compute } }
    const of = (fields: object) => Object.fromEntries(Object.keys(fields).map((name) => [name, all[name]]))
    writeFileSync(record, JSON.stringify({ provenance: of(provenance), ...of({ ...job, fps: 0 }) }))
  }
  const card = { provider: 'cuda', asked: 'cuda', device: 'NVIDIA H200' }

  it.each<[what: string, compute: object, more: object, sentence: RegExp]>([
    ['version and runtime', { runtime: 'older' }, { numericsVersion: 3 }, /was begun by another version/],
    [
      'version, runtime and settings',
      { runtime: 'older' },
      { numericsVersion: 3, fps: 5 },
      /of other settings \(fps, runtime, version\)/,
    ],
    [
      'runtime',
      { runtime: 'older' },
      {},
      /holds items begun with another runtime \(CPU with 1 thread, older\)/,
    ],
    [
      'device, which changes batches and latents too',
      card,
      { batch: 64, stops: [{ seed: 1 }] },
      /other settings \(stops, device\)/,
    ],
    [
      'device and threads',
      { ...card, threads: 2 },
      { batch: 64 },
      /another device, number of threads \(CUDA, NVIDIA H200, /,
    ],
  ])('say why items are not continued: another %s', async (_, compute, more, sentence) => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, part)
    recompute(folder, compute, more)
    await expect(run(folder, part)).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringMatching(sentence) as string,
    })
  })

  it.each<[differing: string, compute: object, more: object]>([
    ['runtime', { runtime: 'older' }, {}],
    ['version', {}, { numericsVersion: 3 }],
    ['settings', {}, { fps: 5 }],
  ])(
    'offer to overwrite items of another %s only to a run that is alone (would catch a shard that removes what others made)',
    async (_, compute, more) => {
      const folder = join(emptyFolder(), 'a')
      await run(folder, part)
      recompute(folder, compute, more)
      const refusalOf = (count: number) =>
        run(folder, { ...part, shard: { index: 0, count } }).catch(
          (error: unknown) => toFailure(error).message,
        )
      expect(await refusalOf(1)).toMatch(/allow overwriting, or choose another folder\.$/)
      expect(await refusalOf(2)).toMatch(/(: |, or )choose another folder\.$/)
      expect(await refusalOf(2)).not.toContain('overwriting')
    },
  )

  it.each(['auto', 'cuda'] as const)(
    'name the refused card that items were begun on, and may be repeated: --device %s (would catch one that a scheduler gives up)',
    async (asked) => {
      const folder = join(emptyFolder(), 'a')
      await run(folder, part)
      recompute(folder, card, { batch: 64 })
      const reason = 'CUDA lacks memory.'
      const placement = {
        asked,
        askedPrecision: 'fp32',
        provider: 'cpu',
        precision: 'fp32',
        device: null,
        parts: 1,
        reason,
      } as const
      const model = await openModel({ path: tinyModel, threads: 1, placement })
      const request = engineRoutes['batch.run'].input.parse({
        model: { path: tinyModel, threads: 1 },
        decode,
        batch: 4,
        folder,
        ...part,
      })
      const job = new Job({ model, context: quietContext, priority: 'export' })
      const failure = await runBatch(createRenderCache(), job, request).catch(toFailure)
      expect(failure).toMatchObject({
        code: 'EXISTS',
        message: `"${folder}" holds items begun on CUDA, NVIDIA H200, which is not used now: repeat the command once it is, or choose another folder. ${reason}`,
      })
      expect(exitCodeOf(failure as Failure)).toBe(75)
    },
  )

  it('do not resume in a folder of the whole film, unless the part covers the whole film', async () => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, { plan: film, content: 'png' })
    await expect(run(folder, part)).rejects.toMatchObject({
      code: 'EXISTS',
      message: expect.stringContaining('(range)'),
    })
    const all = await run(folder, { ...part, range: { start: 0, end: 99 } })
    expect(all).toMatchObject({ items: 10, resumedItems: 10 })
  })
})

describe('merging', () => {
  it('names a damaged item and what to do (would catch INTERNAL, or a film with holes)', async () => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, { plan: film, content: 'png' })
    const item = join(folder, '000003.png')
    const whole = readFileSync(item)
    const target = { path: join(folder, '..', 'merged.gif'), format: 'gif', fps: 12 }
    for (const damaged of [Buffer.alloc(0), Buffer.alloc(whole.length), whole.subarray(0, 200)]) {
      writeFileSync(item, damaged)
      await expect(merge(folder, target)).rejects.toMatchObject({
        code: 'UNREADABLE',
        message: `"${item}" is damaged: remove it, and run its shard again.`,
      })
    }
    rmSync(item)
    await run(folder, { plan: film, content: 'png' })
    expect(await merge(folder, target)).toMatchObject({ output: { frames: 10 } })
  })

  it('refuses to write into the folder of the shards, which they would refuse from then on', async () => {
    const folder = join(emptyFolder(), 'a')
    const path = join(folder, '..', '..a.gif')
    await run(folder, { plan: film, content: 'png' })
    const link = join(emptyFolder(), 'link')
    symlinkSync(folder, link)
    for (const inside of [folder, join(folder, 'film.gif'), join(link, 'film.gif')]) {
      await expect(merge(folder, { path: inside, format: 'gif', overwrite: true })).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('lies in the folder of the shards'),
      })
    }
    await merge(folder, { path, format: 'gif' })
    expect(await run(folder, { plan: film, content: 'png' })).toMatchObject({ resumedItems: 10 })
  })

  it('produces the same film as a direct export without shards, byte for byte', async () => {
    const [folder, path] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'film.gif')]
    for (const index of [0, 1, 2]) {
      await run(folder, { plan: film, content: 'png', shard: { index, count: 3 } })
    }
    const target = { path: join(folder, '..', 'merged.gif'), format: 'gif', fps: 12, repeat: 'ping-pong' }
    expect(await merge(folder, target)).toMatchObject({ items: 10, output: { frames: 18 } })
    const request = engineRoutes['animation.export'].input.parse({
      model: { path: tinyModel, threads: 1 },
      plan: film,
      decode,
      batch: 4,
      target: { ...target, path },
    })
    await exportAnimation(createRenderCache(), await jobOn(tinyModel, { priority: 'export' }), request)
    expect(readFileSync(target.path)).toEqual(readFileSync(path))
  })

  it.each([
    ['of pixels', tinyModel, { endTimestep: 700 }],
    ['of one class', classModel, { class: 2 }],
    ['of latent diffusion, with a prompt', textModel, { prompt: 'a red apple', sourcePrompt: 'blurred' }],
  ])(
    'produces the same file of samples %s as a run without shards, byte for byte (would catch a file that leads to an empty project)',
    async (_, model, own) => {
      const [folder, path] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'samples.gif')]
      const plan = { kind: 'samples', seed: 3, count: 5, ...own }
      for (const index of [1, 0]) {
        await run(folder, { plan, content: 'png', shard: { index, count: 2 } }, { model })
      }
      const target = { path: join(folder, '..', 'merged.gif'), format: 'gif', fps: 12 }
      await merge(folder, target)
      const latents = [3, 4, 5, 6, 7].map((seed) => ({ kind: 'seed', seed, ...own }))
      const request = engineRoutes['animation.export'].input.parse({
        model: { path: model, threads: 1 },
        plan: { kind: 'list', latents },
        decode,
        batch: 4,
        target: { ...target, path },
      })
      await exportAnimation(createRenderCache(), await jobOn(model, { priority: 'export' }), request)
      expect(readFileSync(target.path).equals(readFileSync(path))).toBe(true)
    },
  )

  it('names the missing shards, and refuses a shard with different settings', async () => {
    const folder = join(emptyFolder(), 'a')
    await run(folder, { shard: { index: 1, count: 4 } })
    await expect(merge(folder)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/8 of 11 items are missing.*shards 0, 2, 3 of 4/),
    })
    await run(folder)
    const record = join(folder, 'shard-1-of-4.json')
    writeFileSync(record, readFileSync(record, 'utf8').replace(/"settings":"./, '"settings":"x'))
    await expect(merge(folder)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
    await expect(merge(emptyFolder())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

it('a batch stores its provenance once, not in each picture (would catch pictures that grow with the batch)', async () => {
  const [few, many] = [join(emptyFolder(), 'a'), join(emptyFolder(), 'b')]
  for (const [folder, count] of [
    [few, 8],
    [many, 40],
  ] as const) {
    await run(folder, { plan: { kind: 'samples', seed: 0, count }, content: 'png', batch: 8 })
  }
  const overhead = (folder: string) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0)
  expect(overhead(many) - overhead(few)).toBeLessThan(20)
  expect(readFileSync(join(many, '000003.png')).includes('tEXt')).toBe(false)
  expect(itemsIn(many)['000003.png']).toBe(itemsIn(few)['000003.png'])
})
