import { join } from 'node:path'
import type { ElectronApplication } from '@playwright/test'
import { requestChannel } from '#shared/channels'
import { answerSaveDialog, chooseMenu } from '../dialogs'
import { expect, test } from '../harness'
import { keepScreenshot, tile } from './screen'
import { prepareUserData, tinyModel } from './userData'

type Handler = (event: unknown, route: unknown, ...rest: unknown[]) => unknown
type Held = typeof globalThis & { letSave: () => void }

/** Has saving wait, as it does behind an engine at work, until `letSave` is called in the main process. */
async function holdSaving(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ ipcMain }, channel) => {
    const { _invokeHandlers: handlers } = ipcMain as unknown as { _invokeHandlers: Map<string, Handler> }
    const handle = handlers.get(channel)!
    const held = new Promise<void>((resolve) => ((globalThis as Held).letSave = resolve))
    handlers.set(channel, async (event, route, ...rest) => {
      if (route === 'project.save') await held
      return handle(event, route, ...rest)
    })
  }, requestChannel)
}

test('a save that takes long says so (would catch Save that seems to do nothing)', async ({
  launch,
  folder,
}) => {
  const { app, page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  await tile(page, 'Apple golden').dblclick()
  await holdSaving(app)
  await answerSaveDialog(app, join(folder, 'film.slerp'))
  await chooseMenu(app, 'saveProject')
  const saving = page.getByText('Saving…')
  // It appears a moment later than it is there, for most saving is quick.
  await expect(saving).toHaveCSS('opacity', '1')
  await keepScreenshot(page, 'saving')
  await app.evaluate(() => (globalThis as Held).letSave())
  await expect(saving).toBeHidden()
  await expect(page.getByRole('heading', { name: 'film', exact: true })).toBeVisible()
})
