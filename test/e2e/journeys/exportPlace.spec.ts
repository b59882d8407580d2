import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readGif } from '../../fixtures/readGif'
import { expect, test, type Studio } from '../harness'
import { answerSaveDialog } from '../dialogs'
import { expectFinalFrame, expectSaved, exportRow, keepScreenshot, startExport } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** An app with a finished morph of four frames. */
async function launchMorph(
  launch: (options: { userData: string }) => Promise<Studio>,
  folder: string,
): Promise<Studio> {
  const studio = await launch({
    userData: await prepareUserData(folder, {
      preferences: { modelPath: tinyModel },
      session: twoSamples(3),
    }),
  })
  await expectFinalFrame(studio.page)
  return studio
}

/** A failure is marked on the bell and listed in Messages, where its details can be copied. */
async function expectMarkedFailure({ app, page }: Studio, title: string): Promise<void> {
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Messages, 1 new failure' }).click()
  const messages = page.getByRole('dialog', { name: 'Messages' })
  await expect(messages.getByRole('button', { name: 'Open log' })).toBeVisible()
  await messages.getByRole('button', { name: `Copy details of: ${title}` }).click()
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain('Code: UNWRITABLE')
  await keepScreenshot(page, 'place-2-messages')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Messages', exact: true })).toBeVisible()
}

test('an existing file is replaced only after confirmation', async ({ launch, folder }) => {
  const studio = await launchMorph(launch, folder)
  const { page } = studio
  const path = join(folder, 'mine.gif')
  await writeFile(path, 'somebody’s work')
  await startExport(studio, { format: 'GIF', path })
  const question = page.getByRole('dialog', { name: 'Replace mine.gif?' })
  await expect(question).toBeVisible()
  // A question, not a failure: it offers nothing to resume.
  await expect(page.getByText('A file with this name exists. Replace it?')).toBeVisible()
  await expect(page.getByText('Resume')).toHaveCount(0)
  await keepScreenshot(page, 'place-1-clash')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toBeHidden()
  expect(await readFile(path, 'utf8')).toBe('somebody’s work')
  const row = exportRow(page, path)
  await expect(row.getByRole('status')).toHaveText('Cancelled, no files left behind')

  await row.getByRole('button', { name: 'Export again' }).click()
  await question.getByRole('button', { name: 'Replace' }).click()
  await expectSaved(row)
  expect(readGif(await readFile(path)).frames).toHaveLength(4)
})

test('an unwritable export folder is reported, and choosing another place works', async ({
  launch,
  folder,
}) => {
  const studio = await launchMorph(launch, folder)
  // A file in place of a folder: nobody can write there, not even root.
  const obstacle = join(folder, 'obstacle')
  await writeFile(obstacle, '')
  const row = await startExport(studio, { format: 'GIF', path: join(obstacle, 'morph.gif') })
  await expect(row.getByRole('status')).toContainText('morph.gif')
  await keepScreenshot(studio.page, 'place-2-unwritable')

  await expectMarkedFailure(studio, 'morph.gif couldn’t be exported')
  await studio.page.getByRole('button', { name: /^Export/ }).click()

  const elsewhere = join(folder, 'elsewhere.gif')
  await answerSaveDialog(studio.app, elsewhere)
  await row.getByRole('button', { name: 'Choose another place…' }).click()
  await expectSaved(exportRow(studio.page, elsewhere))
  expect(readGif(await readFile(elsewhere)).frames).toHaveLength(4)
})

test('queued exports all finish and stay in the list', async ({ launch, folder }) => {
  const studio = await launchMorph(launch, folder)
  const { page } = studio
  const paths = ['one.gif', 'two.png', 'three.webp'].map((name) => join(folder, name))
  const formats = ['GIF', 'APNG', 'WebP']
  for (const [at, path] of paths.entries()) await startExport(studio, { format: formats[at], path })
  for (const path of paths) await expectSaved(exportRow(page, path))
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Export/ }).click()
  await expect(page.getByRole('article')).toHaveCount(3)
  await keepScreenshot(page, 'place-3-list')
})
