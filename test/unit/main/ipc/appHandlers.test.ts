import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MessageBoxOptions } from 'electron'
import type { Preferences } from '#shared/app'
import { inferenceServer, type InferenceServer } from '#shared/inferenceServer'
import type { ModelReading } from '#shared/modelSource'
import { openAppData } from '../../../../src/main/appData'
import { appHandlers } from '../../../../src/main/ipc/appHandlers'
import { mayUseServer } from '../../../../src/main/serverQuestion'
import { fakeEngine } from './fakeEngine'

const context = { requestId: 'id', signal: new AbortController().signal }

describe('app.state', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'app-state-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Headers are read at once; the weights are as many as a disk reads in some seconds. */
  const describeLarge = async (route: string, model: object) => {
    if (route === 'model.info') await setTimeout(3300)
    return { ok: true as const, data: { id: 'large', ...model } }
  }

  /** Whether the engine's process is slow to start, as on a busy machine. */
  let isBusy = false
  const answerLate = async (model?: { path: string }) => {
    await setTimeout(3300)
    return { ok: true as const, data: { id: model?.path } }
  }

  /** An engine that knows two models and accepts any file as a picture. */
  const engine = fakeEngine(({ route, input }) => {
    const { model, path } = input as { model?: { path: string }; path?: string }
    if (route === 'project.find')
      return { ok: true, data: { missing: [], problems: ['A crop no longer fits.'] } }
    if (route === 'picture.info') return { ok: true, data: { path } }
    if (isBusy) return answerLate(model)
    if (model?.path === 'hangs') return new Promise(() => undefined)
    if (model?.path === 'large') return describeLarge(route, model)
    if (model?.path === join(folder, 'models', 'fruits-64')) return { ok: true, data: { id: 'fruits-64' } }
    if (model?.path === 'bundled') return { ok: true, data: { id: 'bundled' } }
    return { ok: false, error: { code: 'NOT_FOUND', message: `No model at ${model?.path}.` } }
  })

  async function state(modelPath: string | null, samples = folder, modelReading: ModelReading = {}) {
    const data = await openAppData(folder)
    await data.preferences.change({ modelPath, modelReading })
    let ready = 0
    const handlers = appHandlers({
      version: '1.2.3',
      engine,
      resources: folder,
      bundledModel: 'bundled',
      samples,
      data,
      applyTheme: () => undefined,
      mayUseServer: async () => false,
      closeSaved: () => undefined,
      onWindowReady: () => ready++,
    })
    return { ...(await handlers['app.state']({}, context)), ready }
  }

  it('returns the bundled model and the samples in order, and reports that the window is ready', async () => {
    for (const name of ['b.webp', 'a.webp', 'LICENSE.md']) await writeFile(join(folder, name), '')
    const { model, samples, notices, ready } = await state(null)
    expect(model.id).toBe('bundled')
    expect(samples.map(({ path }) => path)).toEqual([join(folder, 'a.webp'), join(folder, 'b.webp')])
    expect([notices, ready]).toEqual([[], 1])
  })

  it('falls back to the bundled model when the chosen one is missing, and gives the reason', async () => {
    const { model, notices } = await state('/gone')
    expect(model.id).toBe('bundled')
    expect(notices).toEqual([expect.stringContaining('No model at /gone.')])
  })

  it('opens a chosen model that came with the program from where it lies now (would catch an AppImage, which has another folder at each start, that forgets it)', async () => {
    const { model, notices } = await state('/tmp/.mount_Slerp12/resources/models/fruits-64')
    expect([model.id, notices]).toEqual(['fruits-64', []])
  })

  it('keeps the choice of a model that lies in no installation, and says what is used meanwhile (would catch an unmounted drive that changes the model for good)', async () => {
    const own = '/mnt/drive/slerp/resources/models/fruits-64'
    const { model, notices, preferences } = await state(own, folder, { prediction: 'sample' })
    expect(model).toEqual({ id: 'fruits-64' })
    expect(notices).toEqual([
      `Your model could not be opened, so the bundled one of its name is in use. No model at ${own}.`,
    ])
    expect(preferences).toMatchObject({ modelPath: own, modelReading: { prediction: 'sample' } })
  })

  it('starts with the bundled model when the chosen one does not answer (would catch a hung disk that keeps the app from starting)', async () => {
    const { model, notices } = await state('hangs')
    expect(model.id).toBe('bundled')
    expect(notices).toEqual([expect.stringContaining('"hangs" was not read within 3 seconds')])
  })

  it('opens a chosen model whose weights take longer to hash than a disk takes to answer, read as last time (would catch a large model that falls back at every start)', async () => {
    const { model, notices } = await state('large', folder, { prediction: 'v_prediction' })
    expect(model).toMatchObject({ id: 'large', prediction: 'v_prediction' })
    expect(notices).toEqual([])
  })

  it('opens the chosen model when everything is slow (would catch a busy machine on which pictures are encoded with another model)', async () => {
    isBusy = true
    const { model, notices } = await state('own').finally(() => (isBusy = false))
    expect([model.id, notices]).toEqual(['own', []])
  })

  it('starts without samples when their folder is missing, and adds a notice', async () => {
    const { samples, notices } = await state(null, join(folder, 'gone'))
    expect(samples).toEqual([])
    expect(notices).toEqual([expect.stringContaining('sample pictures')])
  })

  it('restores the last work with what does not fit its files, beside what could not be read', async () => {
    const session = { document: { version: 1, pictures: 'none' }, path: '/films/a.slerp', dirty: true }
    await writeFile(join(folder, 'work.json'), JSON.stringify(session))
    const { work } = await state(null)
    expect(work?.problems).toEqual([expect.stringContaining('pictures'), 'A crop no longer fits.'])
    const search = engine.calls.findLast(({ route }) => route === 'project.find')
    expect(search?.input).toMatchObject({ folder: '/films', resources: folder, quick: true })
  })
})

describe('app.setPreferences', () => {
  const chosen = inferenceServer.parse({ url: 'http://gpu-server:8000' })
  const other = inferenceServer.parse({ url: 'http://elsewhere:8000' })

  /** Changes preferences, of which one is a saved server, and answers the question about a new one. */
  async function change(saved: InferenceServer | null, changes: Partial<Preferences>, answer: string) {
    const folder = await mkdtemp(join(tmpdir(), 'preferences-'))
    const data = await openAppData(folder)
    await data.preferences.change({ server: saved })
    const asked: string[] = []
    const details: string[] = []
    const showMessageBox = async (_window: unknown, { message, detail, buttons }: MessageBoxOptions) => {
      asked.push(message)
      details.push(detail!)
      return { response: buttons!.indexOf(answer), checkboxChecked: false }
    }
    const handlers = appHandlers({
      data,
      applyTheme: () => undefined,
      mayUseServer: (wanted: InferenceServer, before: InferenceServer | null) =>
        mayUseServer({ showMessageBox } as never, null as never, wanted, before),
    } as never)
    const changed = await handlers['app.setPreferences'](changes, context)
    expect(data.preferences.value).toEqual(changed)
    await rm(folder, { recursive: true })
    return { changed, asked, details }
  }

  it.each([
    ['Use this server', other],
    ['Cancel', chosen],
  ])(
    'asks before a server with a new address is saved: %s (would catch work that a page sends anywhere)',
    async (answer, server) => {
      const { changed, asked } = await change(chosen, { server: other, textSize: 150 }, answer)
      expect(asked).toEqual(['Use the server at http://elsewhere:8000/?'])
      expect(changed).toMatchObject({ server, textSize: 150 })
    },
  )

  it('asks before another certificate authority is trusted', async () => {
    const server = { ...chosen, ca: '/tmp/ca.pem' }
    const { changed, asked, details } = await change(chosen, { server }, 'Cancel')
    expect([asked.length, changed.server]).toEqual([1, chosen])
    expect(details[0]).toContain('/tmp/ca.pem')
  })

  it.each<[string, Partial<Preferences>]>([
    ['the same server', { server: chosen }],
    ['its header and model', { server: { ...chosen, header: 'Authorization: Bearer x', model: 'other' } }],
    ['no server', { server: null }],
    ['something else', { textSize: 150 }],
  ])('asks nothing about %s', async (_what, changes) => {
    const { changed, asked } = await change(chosen, changes, 'Cancel')
    expect(asked).toEqual([])
    expect(changed).toMatchObject({ server: chosen, ...changes })
  })

  it('names the address as it is looked up (would catch letters that only look like those of a known server)', async () => {
    // The a is Cyrillic.
    const lookAlike = inferenceServer.parse({ url: 'http://ex\u0430mple.com' })
    const { asked } = await change(null, { server: lookAlike }, 'Cancel')
    expect(asked[0]).toContain('http://xn--')
  })
})
