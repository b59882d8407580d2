import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { bundledModelName } from '#files/installation'
import { emptyDocument } from '#shared/document'
import { get } from './bridge'
import { expect, test } from './harness'

const document = { ...emptyDocument(), notes: 'from last time' }

test('preferences and the last work survive a restart', async ({ launch, folder }) => {
  const userData = join(folder, 'kept')
  const first = await launch({ userData })
  await get(first.page, 'app.setPreferences', { theme: 'dark', threads: 2 })
  await get(first.page, 'app.saveWork', { document, path: null, from: null, dirty: true })
  await first.close()

  const { page } = await launch({ userData })
  const state = await get(page, 'app.state', {})
  const kept = { theme: 'dark', threads: 2, device: 'auto', precision: 'fp32', modelPath: null }
  expect(state.preferences).toMatchObject(kept)
  expect(state.work?.document.notes).toBe('from last time')
  expect(state.notices).toEqual([])
})

test('damaged preferences are set aside with a message, and the app starts', async ({ launch, folder }) => {
  const userData = join(folder, 'damaged')
  await mkdir(userData)
  await writeFile(join(userData, 'preferences.json'), '{ "theme": "da')
  const { page } = await launch({ userData })
  const state = await get(page, 'app.state', {})
  expect(state.preferences.modelPath).toBeNull()
  expect(state.notices.join()).toContain('preferences.json.damaged')
  expect(await readFile(join(userData, 'preferences.json.damaged'), 'utf8')).toBe('{ "theme": "da')
})

test('a missing model is replaced by the bundled one, with a message', async ({ launch, folder }) => {
  const userData = join(folder, 'no-model')
  await mkdir(userData)
  await writeFile(join(userData, 'preferences.json'), JSON.stringify({ modelPath: join(folder, 'gone') }))
  const { page } = await launch({ userData })
  const state = await get(page, 'app.state', {})
  expect(state.model.id).toBe(bundledModelName)
  expect(state.notices.join()).toContain('gone')
})

test('the window reopens at the size at which it was closed', async ({ launch, folder }) => {
  const userData = join(folder, 'place')
  const first = await launch({ userData })
  const bounds = { x: 40, y: 60, width: 1000, height: 700 }
  await first.app.evaluate(
    ({ BrowserWindow }, place) => BrowserWindow.getAllWindows()[0].setBounds(place),
    bounds,
  )
  const boundsOf = (app: ElectronApplication) =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getBounds())
  const size = { width: bounds.width, height: bounds.height }
  // The display server takes a moment.
  await expect.poll(() => boundsOf(first.app)).toMatchObject(size)
  await first.close()
  const { app } = await launch({ userData })
  expect(await boundsOf(app)).toMatchObject(size)
})
