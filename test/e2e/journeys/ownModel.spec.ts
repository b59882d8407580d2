import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bundledModelName } from '#files/installation'
import { writeExportedGraph, writeExportedSchedule } from '../../fixtures/exportedModel'
import { answerOpenDialog, chooseMenu } from '../dialogs'
import { expect, test } from '../harness'
import { expectEncoded, keepScreenshot, tile } from './screen'

test('a user’s exported graph is opened, used, kept after a restart, and replaced by the bundled model', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const userData = join(folder, 'user-data')
  const own = join(folder, 'exported elsewhere')
  await writeExportedGraph(join(own, 'net.onnx'))
  await writeExportedSchedule(own)
  const nothing = join(folder, 'holiday pictures')
  await mkdir(nothing)

  const first = await launch({ userData })
  const inspector = first.page.getByRole('complementary', { name: 'Inspector' })
  const quality = inspector.getByRole('radio', { name: /^Standard/ })
  await expect(inspector).toContainText(bundledModelName)
  await expect(quality).toContainText(' dB')
  await first.page.getByRole('button', { name: 'Settings' }).click()
  const settings = first.page.getByRole('dialog', { name: 'Settings' })
  await answerOpenDialog(first.app, [own])
  await settings.getByRole('button', { name: 'Open model…' }).click()
  await expect(settings).toContainText('exported elsewhere')
  await first.page.keyboard.press('Escape')
  await expect(inspector).toContainText('exported elsewhere')
  await expect(inspector).toContainText('16 × 16')
  // Measurements on the bundled models do not apply to this one.
  await expect(quality).not.toContainText('dB')
  await tile(first.page, 'Apple golden').click()
  await first.page.getByRole('button', { name: 'Encode', exact: true }).click()
  await expectEncoded(first.page, 'Apple golden')

  // A folder that is not a model is reported, and the open model stays.
  await answerOpenDialog(first.app, [nothing])
  await chooseMenu(first.app, 'openModel')
  const messages = first.page.getByRole('region', { name: 'Messages' })
  await expect(messages).toContainText('The model couldn’t be opened')
  await expect(messages).toContainText('holiday pictures')
  await expect(inspector).toContainText('exported elsewhere')
  await keepScreenshot(first.page, 'own-model-1-refused')
  await first.close()

  const { page } = await launch({ userData })
  const kept = page.getByRole('complementary', { name: 'Inspector' })
  await expect(kept).toContainText('exported elsewhere')
  await page.getByRole('button', { name: 'Settings' }).click()
  await page.getByRole('button', { name: 'Use the default model' }).click()
  await page.keyboard.press('Escape')
  await expect(kept).toContainText(bundledModelName)
})
