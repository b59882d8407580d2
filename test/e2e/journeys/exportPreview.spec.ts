import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot, resize } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** Width, height and zoom of the window. */
const sizes = [
  [960, 600, 1],
  [1440, 900, 1],
] as const

for (const theme of ['dark', 'light'] as const) {
  test(`the export dialog shows what will be exported (${theme})`, async ({ launch, folder }) => {
    const preferences = { modelPath: tinyModel, theme }
    const { app, page } = await launch({
      userData: await prepareUserData(folder, { preferences, session: twoSamples(10) }),
    })
    await expectFinalFrame(page)
    await page.getByRole('button', { name: /^Export/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Export' })
    const preview = dialog.getByRole('img', { name: /^Preview of the export/ })
    await expect(preview).toHaveAccessibleName('Preview of the export: Frame 1 of 11')

    const pixels = dialog.getByRole('radiogroup', { name: 'Pixels of the export' })
    await pixels.getByRole('radio', { name: 'Sharp' }).click()
    const sharp = await preview.screenshot()
    await pixels.getByRole('radio', { name: 'Lanczos' }).click()
    await expect.poll(async () => sharp.equals(await preview.screenshot())).toBe(false)
    for (const size of sizes) {
      await resize(app, size)
      await keepScreenshot(page, `export-preview-${theme}-${size[0]}`)
    }

    await dialog.getByRole('radio', { name: 'Contact sheet:' }).click()
    await expect(preview).toHaveAccessibleName(/4 × 3 frames/)
    await keepScreenshot(page, `export-preview-${theme}-sheet`)
  })
}

test('the export dialog says when nothing is rendered yet, and shows no preview', async ({ studio }) => {
  const { page } = studio
  await page.getByRole('button', { name: 'Morph these two' }).click()
  await page.getByRole('button', { name: /^Export/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await expect(dialog.getByText('Not rendered yet')).toBeVisible()
  await expect(dialog.getByRole('img', { name: /^Preview/ })).toHaveCount(0)
  await keepScreenshot(page, 'export-preview-none')
})
