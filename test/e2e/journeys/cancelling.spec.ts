import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { expect, test, type Fixtures } from '../harness'
import { expectFinalFrame, expectSaved, keepScreenshot, setNumber, startExport, tile } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** Two pictures being encoded in the largest number of steps. */
async function startEndlessEncoding({ launch, folder }: Pick<Fixtures, 'launch' | 'folder'>) {
  const endless = {
    encode: encodeSettings.parse({ steps: 999 }),
    decode: decodeSettings.parse({ steps: 999 }),
  }
  const session = twoSamples(4, endless)
  const { page } = await launch({ userData: await prepareUserData(folder, { session }) })
  const encoding = page.getByRole('group', { name: 'Encoding' })
  await expect(encoding).toContainText(/step \d+ of/, { timeout: 60_000 })
  return { page, encoding }
}

test('a cancelled encoding is shown as not encoded, and the next encoding runs', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const { page, encoding } = await startEndlessEncoding({ launch, folder })
  await keepScreenshot(page, 'cancel-1-encoding')
  await encoding.getByRole('button', { name: 'Cancel encoding' }).click()
  await expect(encoding).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Not encoded yet' })).toBeVisible()
  await expect(tile(page, 'apple-golden')).toHaveAccessibleName(/Not encoded/)
  await keepScreenshot(page, 'cancel-2-cancelled')

  await page.getByRole('radio', { name: /^Draft/ }).click()
  await expectFinalFrame(page)
})

test('a cancelled export leaves no files behind, and the next export runs', async ({ launch, folder }) => {
  test.setTimeout(240_000)
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(5000),
  })
  const studio = await launch({ userData })
  const before = await readdir(folder)
  const path = join(folder, 'long.gif')
  const row = await startExport(studio, { format: 'GIF', path })
  await expect(row.getByRole('progressbar')).not.toHaveAttribute('aria-valuenow', '0', { timeout: 60_000 })
  await keepScreenshot(studio.page, 'cancel-3-exporting')
  await row.getByRole('button', { name: 'Cancel' }).click()
  await expect(row.getByRole('status')).toHaveText('Cancelled, no files left behind')
  expect(await readdir(folder)).toEqual(before)
  await keepScreenshot(studio.page, 'cancel-4-cancelled')

  await studio.page.keyboard.press('Escape')
  await setNumber(studio.page, 'Frames in total', 5)
  await expectSaved(await startExport(studio, { format: 'GIF', path: join(folder, 'short.gif') }))
  expect(await readdir(folder)).toContain('short.gif')
})

test('Escape and the command palette cancel an encoding, unless a menu, dialog or field handles the key', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const { page, encoding } = await startEndlessEncoding({ launch, folder })

  const palette = page.getByRole('dialog', { name: 'Commands' })
  await page.keyboard.press('Control+k')
  await expect(palette.getByRole('option', { name: 'Cancel encoding 2 pictures' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()
  await tile(page, 'apple-golden').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await page.getByRole('spinbutton', { name: 'Frames in total' }).press('Escape')
  await expect(encoding).toBeVisible()

  await tile(page, 'apple-golden').focus()
  await page.keyboard.press('Escape')
  await expect(encoding).toHaveCount(0)
  await expect(page.getByRole('article').filter({ hasText: 'Encoding cancelled' })).toBeVisible()
  await keepScreenshot(page, 'cancel-5-escape')

  await page.getByRole('button', { name: 'Encode now' }).click()
  await expect(encoding).toBeVisible()
  await page.keyboard.press('Control+k')
  await page.keyboard.type('cancel enc')
  await keepScreenshot(page, 'cancel-6-palette')
  await page.keyboard.press('Enter')
  await expect(encoding).toHaveCount(0)
})
