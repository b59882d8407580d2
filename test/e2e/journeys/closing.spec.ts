import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { answerMessageBox } from '../dialogs'
import { expect, test } from '../harness'
import { keepScreenshot, startExport } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

test('closing the window during an export asks first and keeps the finished frames', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const preferences = { modelPath: tinyModel }
  const userData = await prepareUserData(folder, { preferences, session: twoSamples(5000) })
  const studio = await launch({ userData })
  const { app, page } = studio
  const row = await startExport(studio, { format: 'GIF', path: join(folder, 'long.gif') })
  const close = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close())
  await expect(row.getByRole('status')).toContainText('Rendering frames', { timeout: 60_000 })
  const finished = async () => (await readdir(join(folder, 'long.gif.partial')).catch(() => [])).length
  await expect.poll(finished, { timeout: 60_000 }).toBeGreaterThan(8)

  await answerMessageBox(app, 'Keep exporting')
  await close()
  const before = await finished()
  await expect.poll(finished, { timeout: 60_000 }).toBeGreaterThan(before)
  await keepScreenshot(page, 'closing-1-goes-on')

  await answerMessageBox(app, 'Stop and quit')
  const gone = app.waitForEvent('close')
  await close()
  await gone
  expect(await finished()).toBeGreaterThanOrEqual(before)

  const again = await launch({ userData })
  const resumed = await startExport(again, { format: 'GIF', path: join(folder, 'long.gif') })
  await expect(resumed.getByRole('status')).toContainText('Rendering frames', { timeout: 60_000 })
  expect(await finished()).toBeGreaterThanOrEqual(before)
  await resumed.getByRole('button', { name: 'Cancel' }).click()
  await expect(resumed.getByRole('status')).toHaveText('Cancelled, no files left behind')
})
