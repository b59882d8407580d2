import { expect, test } from '../harness'
import { resize, tile } from './screen'
import { prepareUserData, tinyModel } from './userData'

test('keyboard only: the focus stays in the library after renaming and removing, and returns from panels', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000)
  const { app, page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  const tiles = page.getByRole('option')
  const field = page.getByRole('textbox', { name: 'Name', exact: true })
  const stage = page.getByRole('main')

  await tiles.first().focus()
  await page.keyboard.press('F2')
  await field.fill('Mine')
  await page.keyboard.press('Enter')
  await expect(tile(page, 'Mine')).toBeFocused()
  await page.keyboard.press('F2')
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(tile(page, 'Mine')).toBeFocused()

  // An arrow key goes on from there instead of moving the playhead.
  await page.keyboard.press('ArrowRight')
  await expect(tiles.nth(1)).toBeFocused()
  const count = await tiles.count()
  const [next] = (await tiles.nth(2).getAttribute('aria-label'))!.split(',')
  await page.getByRole('button', { name: 'Remove from library' }).focus()
  await page.keyboard.press('Enter')
  await expect(tiles).toHaveCount(count - 1)
  await expect(tiles.nth(1)).toBeFocused()
  await expect(tiles.nth(1)).toHaveAccessibleName(new RegExp(`^${next},`))

  await page.keyboard.press('Control+b')
  await expect(stage).toBeFocused()
  await page.keyboard.press('Control+b')

  await resize(app, [1440, 900, 2])
  // The panels become drawers, which are closed.
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toBeHidden()
  const opener = page.getByRole('button', { name: 'Inspector panel' })
  const close = page.getByRole('button', { name: 'Close the inspector' })
  for (const key of ['Escape', 'Enter']) {
    await opener.focus()
    await page.keyboard.press('Enter')
    await expect(close).toBeFocused()
    await page.keyboard.press(key)
    await expect(close).toBeHidden()
    await expect(opener).toBeFocused()
  }
})

test('keyboard only: the question whether to switch the model has the focus, and Cancel returns it', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await inspector.getByRole('button', { name: 'Models…' }).focus()
  await page.keyboard.press('Enter')
  const models = page.getByRole('dialog', { name: 'Models' })
  const use = models.getByRole('button', { name: /^Use / }).first()
  await use.focus()
  await page.keyboard.press('Enter')
  await expect(models.getByRole('button', { name: 'Switch' })).toBeFocused()
  await models.getByRole('button', { name: 'Cancel' }).focus()
  await page.keyboard.press('Enter')
  await expect(use).toBeFocused()
})
