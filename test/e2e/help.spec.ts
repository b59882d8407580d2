import { homedir } from 'node:os'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ask, get } from './bridge'
import { answerSaveDialog, chooseMenu } from './dialogs'
import { expect, test } from './harness'
import { keepScreenshot } from './journeys/screen'

test('About shows the versions and opens the licences of all parts', async ({ studio: { app, page } }) => {
  await chooseMenu(app, 'showAbout')
  const dialog = page.getByRole('dialog', { name: 'About Slerp Studio' })
  await expect(dialog).toContainText('onnxruntime1.29.0')
  await expect(dialog).toContainText('CC BY-SA 4.0')
  await keepScreenshot(page, 'help-about')
  const opened = app.waitForEvent('window')
  await dialog.getByRole('button', { name: 'Licences of all parts' }).click()
  const manual = await opened
  await expect.poll(() => manual.url()).toBe('app://manual/licences.html')
})

test('the manual opens in a separate window', async ({ studio: { app, page } }) => {
  const opened = app.waitForEvent('window')
  await page.keyboard.press('F1')
  const manual = await opened
  await manual.waitForLoadState('load')
  await expect.poll(() => manual.url()).toBe('app://manual/manual.html')
  await manual.screenshot({ path: 'test-results/journeys/help-manual.png' })
})

test('a problem report is shown before it is saved, and contains no paths or picture names', async ({
  studio: { app, page },
  folder,
}) => {
  await ask(page, 'picture.info', { path: join(folder, 'secret-picture.png') })
  await chooseMenu(app, 'reportProblem')
  const report = page.getByRole('document', { name: 'The report' })
  await expect(report).toContainText('Electron')
  await keepScreenshot(page, 'help-report')
  const shown = await report.innerText()
  for (const secret of [homedir(), folder, 'secret-picture', process.cwd()])
    expect(shown).not.toContain(secret)
  const path = join(folder, 'report.txt')
  await answerSaveDialog(app, path)
  await page.getByRole('button', { name: 'Save…' }).click()
  await expect(page.getByText('Report saved', { exact: true })).toBeVisible()
  expect((await readFile(path, 'utf8')).trim()).toBe((await get(page, 'help.diagnostics', {})).trim())
})
