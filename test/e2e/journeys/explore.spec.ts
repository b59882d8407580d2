import { join, resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { decodeSettings, encodeSettings } from '#shared/settings'
import { expect, test } from '../harness'
import { keepScreenshot, tile } from './screen'
import { prepareUserData, samples, tinyModel } from './userData'

test.beforeEach(() => test.setTimeout(240_000))

async function openExplore(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Explore', exact: true }).click()
}

function expectFinal(page: Page): Promise<void> {
  return expect(page.getByRole('region', { name: 'Result' }).getByText('Final', { exact: true })).toBeVisible(
    {
      timeout: 120_000,
    },
  )
}

/** Its encodings take long enough to be watched. */
const slowModel = resolve('resources/models/fruits-64')

const stops = (page: Page) => page.getByRole('button', { name: /^Stop \d/ })

test('the pad mixes the selection, and a recorded pointer path becomes stops that one undo removes', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  const tiles = page.getByRole('option')
  await tiles.nth(0).click()
  for (const at of [1, 2]) await tiles.nth(at).click({ modifiers: ['Control'] })
  await openExplore(page)
  const pad = page.getByRole('application', { name: /^Pad:/ })
  await expect(pad).toHaveAccessibleName(/34%.*33%.*33%/)
  await expectFinal(page)
  await page.getByRole('button', { name: /^Only/ }).first().click()
  await expect(pad).toHaveAccessibleName(/^Pad: [^,]* 100%$/)
  await expectFinal(page)

  await page.getByRole('button', { name: 'Record a path' }).click()
  const box = (await pad.boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let at = 0; at < 12; at++) {
    await page.mouse.move(x + 4 * at, y + 2 * at)
    await page.waitForTimeout(80)
  }
  await page.mouse.up()
  await keepScreenshot(page, 'explore-pad')
  const before = await tiles.count()
  // A recording survives another selection and a look elsewhere, and keeps what it began with.
  const onPad = await page.getByRole('button', { name: /^Only/ }).count()
  await tiles.nth(3).click()
  await page.getByRole('radio', { name: 'Direction', exact: true }).click()
  await page.getByRole('radio', { name: 'Pad', exact: true }).click()
  await expect(page.getByRole('button', { name: /^Only/ })).toHaveCount(onPad)
  await page.getByRole('button', { name: 'Stop, and add to the timeline' }).click()
  await expect(stops(page).first()).toHaveAccessibleName(/^Stop 1: Pad 1/)
  const recorded = await stops(page).count()
  expect(recorded).toBeGreaterThanOrEqual(3)
  await expect(tiles).toHaveCount(before + recorded)
  await expect(page.getByText('Final', { exact: true })).toBeVisible({ timeout: 120_000 })
  await page.keyboard.press('Control+z')
  await expect(stops(page)).toHaveCount(0)
  await expect(tiles).toHaveCount(before)
})

test('a latent is moved along a direction, and a walk is added to the timeline', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  const tiles = page.getByRole('option')
  await openExplore(page)
  await page.getByRole('radio', { name: 'Direction', exact: true }).click()
  await expect(page.getByText(/carry little meaning of their own/)).toBeVisible()
  await expect(page.getByText(/Drop pictures on “Towards”/)).toBeVisible()
  await tiles.nth(0).click()
  await page.getByRole('button', { name: 'Take the selection: Towards' }).click()
  await tiles.nth(1).dragTo(page.getByRole('group', { name: 'Away from' }))
  await expectFinal(page)
  const slider = page.getByRole('slider', { name: 'Strength' })
  await slider.press('End')
  await expectFinal(page)
  await page.getByRole('radio', { name: 'Principal' }).click()
  await expectFinal(page)
  await keepScreenshot(page, 'explore-direction')
  await page.getByRole('button', { name: 'Add to library' }).click()
  await expect(page.getByRole('option', { name: /, moved,/ })).toBeVisible()

  await page.getByRole('radio', { name: 'Walk', exact: true }).click()
  await expectFinal(page)
  await keepScreenshot(page, 'explore-walk')
  await page.getByRole('button', { name: 'Add the whole circle to the timeline' }).click()
  await expect(stops(page)).toHaveCount(13)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('option', { name: /, moved,/ })).toHaveCount(0)
  await expect(tile(page, 'Walk around')).toHaveCount(0)
})

const sizes = [
  [960, 600, 1],
  [1440, 900, 1],
  [2560, 1440, 1],
  [1440, 900, 2],
] as const

for (const theme of ['dark', 'light'] as const) {
  test(`the pad renders in the ${theme} theme (with screenshots for review)`, async ({ launch, folder }) => {
    const session = {
      pictures: ['apple-golden', 'tomato-heart', 'apple-red', 'tomato-cherry-red'].map((name) => ({
        path: join(samples, `${name}.webp`),
        name,
        fit: { mode: 'cover' as const },
        restandardise: false,
      })),
      encode: encodeSettings.parse({ steps: 10 }),
      decode: decodeSettings.parse({ steps: 10 }),
    }
    const { app, page } = await launch({
      userData: await prepareUserData(folder, { preferences: { theme }, session }),
    })
    await openExplore(page)
    await expectFinal(page)
    for (const size of sizes) {
      await app.evaluate(({ BrowserWindow }, [width, height, factor]) => {
        const [window] = BrowserWindow.getAllWindows()
        window.setContentSize(width, height)
        window.webContents.setZoomFactor(factor)
      }, size)
      await page.waitForTimeout(400)
      await keepScreenshot(page, `pad-${theme}-${size[0]}-${size[2]}`)
    }
  })
}

test('in a small window, the buttons below the picture can be pressed while its sources are encoded', async ({
  launch,
  folder,
}) => {
  const { app, page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: slowModel } }),
  })
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1000, 640))
  const tiles = page.getByRole('option')
  await tiles.nth(0).click()
  for (const at of [1, 2]) await tiles.nth(at).click({ modifiers: ['Control'] })
  await openExplore(page)
  const waiting = page.getByRole('region', { name: 'Result' }).getByRole('figure')
  await expect(waiting).toBeVisible()
  // Playwright refuses to click what is covered.
  await page.getByRole('button', { name: 'Add to library' }).click({ trial: true, timeout: 5000 })
  await expect(waiting).toBeVisible()
})
