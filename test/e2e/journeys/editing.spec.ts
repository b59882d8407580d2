import { expect, test } from '../harness'
import { tile } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

test.beforeEach(() => test.setTimeout(120_000))

test('a slow drag in steps of one pixel moves the crop of a small picture', async ({ launch, folder }) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  await page.getByRole('option').first().click()
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog', { name: /^Crop and fit/ })
  await dialog.getByRole('radio', { name: 'Crop' }).click()
  const square = dialog.getByRole('application')
  await square.focus()
  for (let press = 0; press < 10; press++) await page.keyboard.press('Shift+ArrowLeft')
  await expect(square).toHaveAccessibleName(/at [1-9]\d*, [1-9]/)
  const before = await square.getAttribute('aria-label')
  const box = (await square.boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let moved = 1; moved <= 30; moved++) await page.mouse.move(x + moved, y)
  await page.mouse.up()
  expect(await square.getAttribute('aria-label')).not.toBe(before)
})

test('a number field handles keys like a text field, and one undo reverts its change', async ({
  launch,
  folder,
}) => {
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(11),
  })
  const { page } = await launch({ userData })
  const frames = page.getByRole('spinbutton', { name: 'Frames in total', exact: true })
  await frames.click()
  for (const key of ['End', 'Home']) await frames.press(key)
  await expect(frames).toHaveValue('12')
  await page.keyboard.type('3')
  await expect(frames).toHaveValue('312')
  await frames.press('Escape')
  await expect(frames).toHaveValue('12')

  const fps = page.getByRole('spinbutton', { name: 'Frames per second', exact: true })
  await fps.fill('23.976')
  await fps.press('Enter')
  await page.keyboard.press('Control+z')
  await expect(fps).toHaveValue('20')
  await fps.click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('29,97')
  await fps.press('Enter')
  await expect(fps).toHaveValue('29.97')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('1e1')
  await fps.press('Enter')
  await expect(fps).toHaveValue('10')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('-5')
  await fps.press('Enter')
  await expect(page.getByText('“-5” wasn’t applied').first()).toBeVisible()
  await expect(fps).toHaveValue('-5')
  await fps.press('Tab')
  await expect(fps).toHaveValue('10')
})

test('renaming from the menu, moving and removing keep the focus where the user continues to work', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  const tiles = page.getByRole('option')
  const stops = page.getByRole('button', { name: /^Stop \d/ })

  await tiles.first().click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  const field = page.getByRole('textbox', { name: /name/i })
  await expect(field).toBeFocused()
  await page.waitForTimeout(300)
  await expect(field).toBeFocused()
  await field.fill('Mine')
  await field.press('Enter')
  await expect(tile(page, 'Mine')).toBeVisible()

  await tiles.nth(1).focus()
  for (const at of [0, 1, 2]) await tiles.nth(at).dblclick()
  await expect(stops).toHaveCount(3)
  await stops.nth(2).focus()
  await page.keyboard.press('Alt+ArrowLeft')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(stops.first()).toBeFocused()
  await page.keyboard.press('Delete')
  await expect(stops).toHaveCount(2)
  await expect(stops.first()).toBeFocused()

  const count = await tiles.count()
  await tiles.nth(1).click()
  await page.keyboard.press('Delete')
  await expect(tiles).toHaveCount(count - 1)
  await expect(page.getByRole('option').and(page.locator(':focus'))).toHaveCount(1)
})
