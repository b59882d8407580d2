import type { Page } from '@playwright/test'
import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot, resize } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** Scrolls a part of the window into view and returns the share of it, 0 to 1, that is then visible. */
async function visibleShare(page: Page, role: 'button' | 'main' | 'slider', name: RegExp): Promise<number> {
  const part = page.getByRole(role, { name })
  await part.scrollIntoViewIfNeeded()
  return part.evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    const across = Math.min(right, innerWidth) - Math.max(left, 0)
    const down = Math.min(bottom, innerHeight) - Math.max(top, 0)
    return (across * down) / ((right - left) * (bottom - top))
  })
}

const sizes = [
  [960, 600, 1],
  [1440, 900, 1],
  [1440, 900, 2],
  [1024, 700, 2],
] as const

test('the main controls are reachable in small windows and at 200 % zoom, and the timeline is a single tab stop', async ({
  launch,
  folder,
}) => {
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(12),
  })
  const { app, page } = await launch({ userData })
  await expectFinalFrame(page)
  for (const size of sizes) {
    await resize(app, size)
    await page.waitForTimeout(300)
    const name = size.join('-')
    await keepScreenshot(page, `eye-${name}`)
    expect(await visibleShare(page, 'button', /^Export/), `Export at ${name}`).toBe(1)
    expect(await visibleShare(page, 'button', /^Settings/), `Settings at ${name}`).toBe(1)
    expect(await visibleShare(page, 'button', /^Play/), `Play at ${name}`).toBe(1)
    const stage = page.getByRole('main', { name: 'Stage' })
    expect((await stage.boundingBox())!.height, `stage at ${name}`).toBeGreaterThan(150)
  }
  await page.getByRole('button', { name: 'Inspector panel' }).click()
  await expect(page.getByRole('radio', { name: /^Standard/ })).toBeVisible()
  await keepScreenshot(page, 'eye-drawer')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('radio', { name: /^Standard/ })).toBeHidden()

  const [first, segment] = [/^Stop 1/, /^Segment 1/].map((label) => page.getByRole('button', { name: label }))
  await first.focus()
  await page.keyboard.press('ArrowRight')
  await expect(segment).toBeFocused()
  await page.keyboard.press('End')
  await expect(page.getByRole('button', { name: /^Stop 2/ })).toBeFocused()
  expect(await page.locator('[data-strip][tabindex="0"]').count()).toBe(1)
})

test('the first window shows its main button at every size, and a panel’s close button at the top at 200 % zoom', async ({
  studio: { app, page },
}) => {
  await expect(page.getByRole('button', { name: 'Morph these two' })).toBeVisible()
  for (const size of [...sizes, [2560, 1440, 1]]) {
    await resize(app, size)
    await page.waitForTimeout(300)
    const name = size.join('-')
    await keepScreenshot(page, `eye-first-${name}`)
    expect(await visibleShare(page, 'button', /^Morph these two/), name).toBe(1)
  }
  await resize(app, [1440, 900, 2])
  await page.getByRole('button', { name: 'Inspector panel' }).click()
  // Would catch a button at the bottom of the panel that covers its contents.
  const close = (await page.getByRole('button', { name: 'Close the inspector' }).boundingBox())!
  expect(close.y).toBeLessThan(50)
})

test('forced colours show which view is chosen', async ({ launch, folder }) => {
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(12),
  })
  const { page } = await launch({ userData })
  await expectFinalFrame(page)
  await page.emulateMedia({ forcedColors: 'active' })
  for (const view of ['Fidelity', 'Lab', 'Explore', 'Morph']) {
    const chosen = page.getByRole('radio', { name: view, exact: true })
    await chosen.click()
    const colour = (radio: typeof chosen) =>
      radio.evaluate((element) => getComputedStyle(element).backgroundColor)
    expect(await colour(chosen)).not.toBe(
      await colour(page.getByRole('radio', { name: view === 'Lab' ? 'Morph' : 'Lab', exact: true })),
    )
    await keepScreenshot(page, `forced-${view}`)
  }
  await page.getByRole('button', { name: /^Export/ }).click()
  await keepScreenshot(page, 'forced-export')
})
