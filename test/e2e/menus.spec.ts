import type { Locator, Page } from '@playwright/test'
import { expect, test } from './harness'
import { join } from 'node:path'
import { answerSaveDialog } from './dialogs'
import { chooseTinySweep } from './journeys/labScreen'
import { expectFinalFrame, keepScreenshot, resize } from './journeys/screen'
import { prepareUserData, tinyModel, twoSamples } from './journeys/userData'

/** Floating elements that extend beyond the window, with their positions. */
async function findOutside(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('.floating')].flatMap((floating) => {
      const { left, top, right, bottom } = floating.getBoundingClientRect()
      const isInside = left >= 0 && top >= 0 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5
      return isInside
        ? []
        : [`${[left, top, right, bottom].map(Math.round)} of ${innerWidth} x ${innerHeight}`]
    }),
  )
}

/** Opens a panel that small windows hide. */
async function showPanel(page: Page, name: string, content: Locator): Promise<void> {
  if (await content.isVisible()) return
  await page.getByRole('button', { name, exact: true }).click()
  await expect(content).toBeVisible()
}

/** Closes the panel that covers a small window, if one does. */
async function closeDrawer(page: Page): Promise<void> {
  const close = page.getByRole('button', { name: /^Close the (library|inspector)$/ })
  if (await close.isVisible()) await close.click()
}

const button = (page: Page, name: string | RegExp): Locator => page.getByRole('button', { name })
const sort = (page: Page): Locator => button(page, 'Sort and size')
const device = (page: Page): Locator =>
  page.getByRole('status', { name: 'Compute device' }).getByRole('button')

/** The element a menu belongs to, and the mouse button that opens it. */
type Opener = readonly [Locator, 'left' | 'right']

async function checkMenu(page: Page, name: string, [target, mouse]: Opener): Promise<void> {
  await target.scrollIntoViewIfNeeded()
  // Scrolling closes a menu, and a menu is positioned one frame after it appears.
  await page.waitForTimeout(100)
  await target.click({ button: mouse })
  await expect(page.locator('.floating').first()).toBeVisible()
  await page.waitForTimeout(100)
  await keepScreenshot(page, `menu-${name}`)
  expect.soft(await findOutside(page), name).toEqual([])
  await page.keyboard.press('Escape')
  await expect(page.locator('.floating')).toHaveCount(0)
}

function stageMenus(page: Page): Record<string, Opener> {
  return {
    stage: [page.getByRole('main'), 'right'],
    film: [page.locator('canvas.ribbon'), 'right'],
    segment: [button(page, /^Segment 1/), 'right'],
    stop: [button(page, /^Stop 2/), 'right'],
    pixels: [button(page, /how pixels are shown/), 'left'],
  }
}

/** In small windows the library is a drawer, and so is the inspector. */
async function checkLibrary(page: Page, size: string): Promise<void> {
  await showPanel(page, 'Library panel', sort(page))
  await checkMenu(page, `${size}-tile`, [page.getByRole('option').first(), 'right'])
  await showPanel(page, 'Library panel', sort(page))
  await checkMenu(page, `${size}-sort`, [sort(page), 'left'])
}

async function checkInspector(page: Page, size: string): Promise<void> {
  const showInspector = (): Promise<void> => showPanel(page, 'Inspector panel', device(page))
  await showInspector()
  await checkMenu(page, `${size}-device`, [device(page), 'left'])
  await showInspector()
  const advanced = page.getByRole('button', { name: 'Advanced' })
  if ((await advanced.getAttribute('aria-expanded')) === 'false') await advanced.click()
  for (const [at, list] of (await page.getByRole('combobox').all()).entries()) {
    await showInspector()
    await checkMenu(page, `${size}-list-${at}`, [list, 'left'])
  }
}

/** Width, height and zoom: the smallest windows, and what remains of a common one at 200 %. */
const sizes: readonly (readonly [number, number, number])[] = [
  [960, 600, 1],
  [1440, 900, 2],
  [960, 600, 2],
]

test('no menu or list extends beyond a small window', async ({ launch, folder }) => {
  test.setTimeout(120_000)
  const preferences = { modelPath: tinyModel }
  const userData = await prepareUserData(folder, { preferences, session: twoSamples(3) })
  const { app, page } = await launch({ userData })
  await expectFinalFrame(page)
  for (const size of sizes) {
    const name = size.join('-')
    await resize(app, size)
    await page.waitForTimeout(300)
    for (const [menu, opener] of Object.entries(stageMenus(page))) {
      await checkMenu(page, `${name}-${menu}`, opener)
    }
    await checkLibrary(page, name)
    await closeDrawer(page)
    await checkInspector(page, name)
    await closeDrawer(page)
  }
})

test('no menu of a finished study, and no details of a latent’s health, extend beyond a small window', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000)
  const preferences = { modelPath: tinyModel }
  const userData = await prepareUserData(folder, { preferences, session: twoSamples(3) })
  const { app, page } = await launch({ userData })
  await expectFinalFrame(page)
  await page.getByRole('radio', { name: 'Lab' }).click()
  await chooseTinySweep(page)
  await answerSaveDialog(app, join(folder, 'study'))
  await button(page, 'Run the study…').click()
  await expect(button(page, 'Run a new study…')).toBeVisible({ timeout: 60_000 })
  for (const size of sizes) {
    const name = size.join('-')
    await resize(app, size)
    await page.waitForTimeout(300)
    await page.getByRole('radio', { name: 'Lab' }).click()
    await page.getByRole('radio', { name: 'Curves' }).click()
    await checkMenu(page, `${name}-chart`, [page.locator('.chart .plot').first(), 'right'])
    await page.getByRole('radio', { name: 'Table' }).click()
    await checkMenu(page, `${name}-table`, [
      page.getByRole('region', { name: 'Results of the study' }),
      'right',
    ])
    await checkMenu(page, `${name}-copy`, [button(page, 'Copy table'), 'left'])
    await page.getByRole('radio', { name: 'Morph' }).click()
    await showPanel(page, 'Library panel', sort(page))
    await page.getByRole('option').first().click()
    await closeDrawer(page)
    const health = button(page, /^Latent (looks|differs|may|of) /)
    await showPanel(page, 'Inspector panel', health)
    await checkMenu(page, `${name}-health`, [health, 'left'])
    await closeDrawer(page)
  }
})
