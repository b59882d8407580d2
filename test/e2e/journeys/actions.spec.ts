import type { Page } from '@playwright/test'
import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

test.beforeEach(() => test.setTimeout(180_000))

const stops = (page: Page) => page.getByRole('button', { name: /^Stop \d/ })
const segment = (page: Page) => page.getByRole('button', { name: /^Segment 1:/ })

for (const theme of ['dark', 'light'] as const) {
  test(`actions can be reached by menus, the command palette and keys (${theme})`, async ({
    launch,
    folder,
  }) => {
    const preferences = { modelPath: tinyModel, theme }
    const { page } = await launch({
      userData: await prepareUserData(folder, { preferences, session: twoSamples(12) }),
    })
    await expectFinalFrame(page)

    await stops(page).first().click({ button: 'right' })
    await keepScreenshot(page, `actions-stop-${theme}`)
    await page.getByRole('menuitem', { name: 'Duplicate stop' }).click()
    await expect(stops(page)).toHaveCount(3)
    await page.keyboard.press('Control+z')
    await expect(stops(page)).toHaveCount(2)

    await segment(page).click({ button: 'right' })
    await keepScreenshot(page, `actions-segment-${theme}`)
    await page.getByRole('menuitemradio', { name: 'Strong' }).click()
    await expect(segment(page)).toHaveAccessibleName('Segment 1: 12 frames, strong')
    await segment(page).click()
    await expect(page.getByRole('region', { name: 'Segment 1' })).toBeVisible()
    await keepScreenshot(page, `actions-inspector-${theme}`)

    await page.keyboard.press('Control+k')
    const search = page.getByRole('textbox', { name: 'Search for a command' })
    await expect(search).toBeFocused()
    await keepScreenshot(page, `actions-palette-${theme}`)
    await search.fill('double')
    await page.keyboard.press('Enter')
    await expect(segment(page)).toHaveAccessibleName('Segment 1: 24 frames, strong')

    const tiles = page.getByRole('listbox', { name: 'Pictures and latents' }).getByRole('option')
    await tiles.first().click({ button: 'right' })
    await keepScreenshot(page, `actions-library-${theme}`)
    await page.getByRole('menuitem', { name: 'Rename…' }).click()
    const name = page.getByRole('textbox', { name: 'Name' })
    await expect(name).toBeFocused()
    await name.fill('Braeburn')
    await page.keyboard.press('Enter')
    await expect(tiles.first()).toHaveAccessibleName(/^Braeburn/)

    await page.getByRole('main', { name: 'Stage' }).click({ button: 'right' })
    await keepScreenshot(page, `actions-stage-${theme}`)
    await page.getByRole('menuitem', { name: 'Last frame' }).click()
    await expect(page.getByRole('slider', { name: 'Playhead' })).toHaveAttribute('aria-valuenow', '24')

    await page.locator('canvas.ribbon').click({ button: 'right' })
    await keepScreenshot(page, `actions-film-${theme}`)
    await page.getByRole('menuitem', { name: 'Add a marker' }).click()
    await expect(page.getByRole('button', { name: /^Marker/ })).toBeVisible()
    await expect(page.getByRole('slider', { name: 'Playhead' })).toHaveAttribute('aria-valuenow', '12')
  })
}

test('a stop is renamed in place, and several stops are copied, pasted and cut together by keys', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, {
      preferences: { modelPath: tinyModel },
      session: twoSamples(12),
    }),
  })
  await stops(page).first().click()
  await page.keyboard.press('F2')
  const field = page.getByRole('textbox', { name: 'Name of the stop' })
  await expect(field).toBeFocused()
  // The whole field is visible, even next to the edge of the window.
  const strip = (await page.getByRole('region', { name: 'Timeline' }).boundingBox())!
  expect((await field.boundingBox())!.x).toBeGreaterThanOrEqual(strip.x)
  await field.fill('Dawn')
  await keepScreenshot(page, 'actions-rename')
  await field.press('Enter')
  await expect(stops(page).first()).toHaveAccessibleName(/^Stop 1: Dawn/)
  await expect(stops(page).first()).toBeFocused()

  await page.keyboard.press('F2')
  await field.fill('Dusk')
  const fps = page.getByRole('spinbutton', { name: 'Frames per second', exact: true })
  await fps.click()
  await expect(stops(page).first()).toHaveAccessibleName(/^Stop 1: Dusk/)
  await expect(fps).toBeFocused()
  await stops(page).first().focus()

  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await expect(stops(page)).toHaveCount(4)
  await expect(page.getByRole('button', { name: /^Segment 3: 12 frames/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Stop/, pressed: true })).toHaveCount(2)
  await page.keyboard.press('Control+x')
  await expect(stops(page)).toHaveCount(2)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(stops(page)).toHaveCount(2)

  await stops(page).first().focus()
  await page.keyboard.press('h')
  await expect(page.getByRole('button', { name: 'Segment 1: 20 frames, hold' })).toBeVisible()
  await expect(stops(page)).toHaveCount(3)
})
