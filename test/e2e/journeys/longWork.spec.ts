import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { decodeSettings } from '#shared/settings'
import { expect, test, type Studio } from '../harness'
import { exportRow, expectFinalFrame, expectSaved, keepScreenshot, startExport } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** What the system was told, recorded in the main process by {@link watchSystem}. */
interface Told {
  /** Shares for the taskbar; negative ones remove the bar. */
  bars: number[]
  notifications: { title: string; body: string; emit: (event: 'click') => boolean }[]
}
type Watched = typeof globalThis & { told: Told }

/** Records what Electron is asked to show: the taskbar and notifications cannot be read back. */
async function watchSystem(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ BrowserWindow, Notification }) => {
    const told: Told = ((globalThis as Watched).told = { bars: [], notifications: [] })
    // A machine without a desktop has nothing to show them.
    Notification.isSupported = () => true
    Notification.prototype.show = function show() {
      told.notifications.push(this)
    }
    const [window] = BrowserWindow.getAllWindows()
    const setProgressBar = window.setProgressBar.bind(window)
    window.setProgressBar = (share) => {
      told.bars.push(share)
      setProgressBar(share)
    }
  })
}

/** Whether anything prevents the machine from sleeping; Electron numbers its blockers from 0. */
function isAwake(app: ElectronApplication): Promise<boolean> {
  return app.evaluate(({ powerSaveBlocker }) =>
    Array.from({ length: 100 }, (_, id) => id).some((id) => powerSaveBlocker.isStarted(id)),
  )
}

function bars(app: ElectronApplication): Promise<number[]> {
  return app.evaluate(() => (globalThis as Watched).told.bars)
}

function notifications(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() =>
    (globalThis as Watched).told.notifications.map(({ title, body }) => `${title}: ${body}`),
  )
}

async function clickNotification(app: ElectronApplication): Promise<void> {
  await app.evaluate(() => (globalThis as Watched).told.notifications[0].emit('click'))
}

/** Hides the window, as if minimised or behind others. */
async function lookAway(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].hide())
}

async function expectLookedAt(app: ElectronApplication): Promise<void> {
  const isFocused = () =>
    app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      return window.isVisible() && window.isFocused()
    })
  await expect.poll(isFocused).toBe(true)
}

/** An app with a morph whose export takes some seconds. */
async function launchLongMorph(
  launch: (options: { userData: string }) => Promise<Studio>,
  folder: string,
): Promise<Studio> {
  const session = twoSamples(150, { decode: decodeSettings.parse({ steps: 40 }) })
  const userData = await prepareUserData(folder, { preferences: { modelPath: tinyModel }, session })
  const studio = await launch({ userData })
  await expectFinalFrame(studio.page)
  await watchSystem(studio.app)
  await expect.poll(() => isAwake(studio.app)).toBe(false)
  return studio
}

test('long work keeps the computer awake, shows in the taskbar, and notifies only a user who looks away', async ({
  launch,
  folder,
}) => {
  test.setTimeout(300_000)
  const studio = await launchLongMorph(launch, folder)
  const { app, page } = studio
  const path = join(folder, 'long.gif')
  const row = await startExport(studio, { format: 'GIF', path })
  await expect.poll(() => isAwake(app)).toBe(true)
  await expect.poll(async () => (await bars(app)).some((share) => share > 0 && share < 1)).toBe(true)
  await keepScreenshot(page, 'long-work-1-running')
  await lookAway(app)
  await expectSaved(row)

  await expect.poll(() => notifications(app)).toEqual(['Export finished: long.gif'])
  await expect.poll(() => isAwake(app)).toBe(false)
  expect((await bars(app)).at(-1)).toBeLessThan(0)

  await clickNotification(app)
  await expectLookedAt(app)
  // A user who is watching is not notified of what the window shows.
  const again = join(folder, 'again.gif')
  await startExport(studio, { format: 'GIF', path: again })
  await expectSaved(exportRow(page, again))
  await expect.poll(() => isAwake(app)).toBe(false)
  expect(await notifications(app)).toHaveLength(1)
})

test('failed work also notifies the user, and cancelled work does not', async ({ launch, folder }) => {
  test.setTimeout(300_000)
  const studio = await launchLongMorph(launch, folder)
  const { app, page } = studio
  const cancelled = await startExport(studio, { format: 'GIF', path: join(folder, 'cancelled.gif') })
  await startExport(studio, { format: 'GIF', path: join(folder, 'no-folder/failed.gif') })
  await expect.poll(() => isAwake(app)).toBe(true)
  await lookAway(app)
  // A hidden window does not draw, so a pointer would wait for ever.
  await cancelled.getByRole('button', { name: 'Cancel' }).dispatchEvent('click')
  await expect(cancelled.getByRole('status')).toContainText('Cancelled')
  await expect.poll(() => notifications(app)).toEqual(['Export failed: failed.gif'])
  await expect.poll(() => isAwake(app)).toBe(false)

  await clickNotification(app)
  await expectLookedAt(app)
  // Nor is a cancelled export among the window's failures.
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Messages, 1 new failure' })).toBeVisible()
})
