import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot } from './screen'
import { prepareUserData, tinyModel } from './userData'

/** Moves the focus with Tab until `target` has it, like a user without a pointer. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const hasFocus = () => target.evaluate((element) => element === document.activeElement)
  for (let press = 0; press < 60 && !(await hasFocus()); press++) await page.keyboard.press('Tab')
  await expect(target).toBeFocused()
}

test('keyboard only: from the start to a playing morph', async ({ launch, folder }) => {
  test.setTimeout(240_000)
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  const tiles = page.getByRole('option')
  const stops = page.getByRole('button', { name: /^Stop \d/ })
  await tabTo(page, tiles.first())
  await page.keyboard.press('Enter')
  await expect(stops).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await expect(tiles.nth(2)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(stops).toHaveCount(2)
  await expectFinalFrame(page)

  await page.keyboard.press('Control+z')
  await expect(stops).toHaveCount(1)
  await page.keyboard.press('Control+Shift+z')
  await expect(stops).toHaveCount(2)

  const playhead = page.getByRole('slider', { name: 'Playhead' })
  await tabTo(page, playhead)
  await page.keyboard.press('ArrowRight')
  await expect(playhead).toHaveAttribute('aria-valuetext', 'Frame 2 of 37')
  await page.keyboard.press('End')
  await expect(playhead).toHaveAttribute('aria-valuetext', 'Frame 37 of 37')
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()
  await expect(playhead).not.toHaveAttribute('aria-valuenow', '0')
  await keepScreenshot(page, 'keyboard-1-playing')
  await page.keyboard.press('k')
  await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()

  await page.keyboard.press('?')
  const map = page.getByRole('dialog', { name: 'Keyboard' })
  await expect(map).toContainText('Play or pause')
  await keepScreenshot(page, 'keyboard-2-map')
  await page.keyboard.press('Escape')
  await expect(map).toBeHidden()
  await expect(playhead).toBeFocused()
})

test('keyboard only: seeds are added by typing and Enter (would catch a dialog with its initial focus on Close)', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  await tabTo(page, page.getByRole('button', { name: 'Add seeds' }))
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add seeds' })
  await expect(dialog.getByRole('spinbutton', { name: 'First seed' })).toBeFocused()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('42')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('option', { name: /^Seed 42,/ })).toBeVisible()

  await page.keyboard.press('Control+,')
  const settings = page.getByRole('dialog', { name: 'Settings' })
  const theme = settings.getByRole('radiogroup', { name: 'Theme' }).getByRole('radio', { checked: true })
  await expect(theme).toBeFocused()
})
