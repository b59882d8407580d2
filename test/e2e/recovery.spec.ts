import { join } from 'node:path'
import { ask, collect } from './bridge'
import { enginePid, killEngine } from './engine'
import { expect, test } from './harness'

const picture = join(import.meta.dirname, '../../resources/models/fruits-64/samples.png')
const model = { path: join(import.meta.dirname, '../../resources/models/fruits-64') }

test('a killed engine is reported, and the next request gets a new engine', async ({
  studio: { app, page },
}) => {
  expect(await ask(page, 'picture.info', { path: picture })).toMatchObject({ ok: true })
  const states = await collect(page, 'engine')
  const killed = await killEngine(app)
  await expect
    .poll(async () => (await states()).map(({ state }) => state))
    .toContainEqual(expect.stringMatching('failed|restarting'))
  expect(await ask(page, 'picture.info', { path: picture })).toMatchObject({ ok: true })
  expect(await enginePid(app)).not.toBe(killed)
})

test('an encoding whose engine is killed midway still finishes', async ({ studio: { app, page } }) => {
  const progress = await collect(page, 'progress')
  const states = await collect(page, 'engine')
  const encoding = ask(page, 'latent.encode', {
    model,
    picture: { path: picture },
    // Long enough to be killed midway, even on a fast machine.
    encode: { steps: 100 },
    decode: { steps: 100 },
  })
  await expect.poll(async () => (await progress()).length, { timeout: 60_000 }).toBeGreaterThan(3)
  await killEngine(app)
  expect(await encoding).toMatchObject({ ok: true, data: { modelId: 'fruits-64' } })
  const told = (await states()).filter(({ message }) => message !== null)
  expect(told).toMatchObject([{ state: 'restarting', message: expect.stringContaining('ended') }])
})

test('a cancelled encoding answers CANCELLED, and the engine keeps running', async ({
  studio: { app, page },
}) => {
  const progress = await collect(page, 'progress')
  const encoding = page.evaluate(
    ([path, modelPath]) =>
      window.studio.request(
        'latent.encode',
        { model: { path: modelPath }, picture: { path }, encode: { steps: 500 }, decode: { steps: 500 } },
        'to-cancel',
      ),
    [picture, model.path],
  )
  await expect.poll(async () => (await progress()).length, { timeout: 60_000 }).toBeGreaterThan(1)
  const before = await enginePid(app)
  await ask(page, 'request.cancel', { requestId: 'to-cancel' })
  expect(await encoding).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  expect(await enginePid(app)).toBe(before)
})

test('a window whose process crashed is reloaded', async ({ studio: { app } }) => {
  // A page that is crashing never answers a request.
  await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]
    return new Promise<void>((resolve) => {
      webContents.once('render-process-gone', () => resolve())
      webContents.forcefullyCrashRenderer()
    })
  })
  const library = () =>
    app.evaluate(async ({ BrowserWindow }) => {
      const { webContents } = BrowserWindow.getAllWindows()[0]
      if (webContents.isCrashed() || webContents.isLoading()) return 0
      return (await webContents.executeJavaScript(
        'document.querySelectorAll("[role=option]").length',
      )) as number
    })
  await expect.poll(library, { timeout: 30_000 }).toBeGreaterThan(0)
})
