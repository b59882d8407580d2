import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ModelReading } from '#shared/modelSource'
import { openAppData } from '../../../../src/main/appData'
import { appHandlers } from '../../../../src/main/ipc/appHandlers'
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

  /** An engine that knows two models and accepts any file as a picture. */
  const engine = fakeEngine(({ route, input }) => {
    const { model, path } = input as { model?: { path: string }; path?: string }
    if (route === 'project.find')
      return { ok: true, data: { missing: [], problems: ['A crop no longer fits.'] } }
    if (route === 'picture.info') return { ok: true, data: { path } }
    if (model?.path === 'hangs') return new Promise(() => undefined)
    if (model?.path === 'large') return describeLarge(route, model)
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
      bundledModel: 'bundled',
      samples,
      data,
      applyTheme: () => undefined,
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
  })
})
