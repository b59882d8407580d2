import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { answerSaveDialog } from './dialogs'
import { expect, test } from './harness'
import { expectEncoded, expectFinalFrame, keepScreenshot, resize, tile } from './journeys/screen'
import { prepareUserData, tinyModel, twoSamples } from './journeys/userData'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Accessibility violations in the window's current state: rule, and the first elements that break it. */
async function findBarriers(page: Page): Promise<string[]> {
  await waitForTransitions(page)
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html)}`)
}

/** Elements fading in are half transparent, which axe would report as low contrast. */
async function waitForTransitions(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished.catch(() => undefined)),
    ),
  )
}

async function openAdvanced(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Advanced' }).click()
}

async function openMenu(page: Page): Promise<void> {
  await tile(page, 'apple-golden').click({ button: 'right' })
}

async function selectSeveral(page: Page): Promise<void> {
  await tile(page, 'apple-golden').click()
  await tile(page, 'tomato-heart').click({ modifiers: ['ControlOrMeta'] })
  await expect(page.getByRole('region', { name: '2 selected' })).toBeVisible()
}

async function openSegment(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Segment 1/ }).click()
}

async function markTimeline(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a marker' }).click()
  for (const key of ['i', 'ArrowRight', 'ArrowRight', 'o', '+']) await page.keyboard.press(key)
  await expect(page.getByRole('button', { name: /^Marker/ })).toBeVisible()
}

async function openCrop(page: Page): Promise<void> {
  await tile(page, 'apple-golden').click()
  await page.getByRole('button', { name: 'Crop and fit' }).click()
  await page.getByRole('dialog').getByRole('radio', { name: 'Crop' }).click()
}

function click(name: string): (page: Page) => Promise<void> {
  return (page) => page.getByRole('button', { name, exact: true }).click()
}

function compareBy(mode: string): (page: Page) => Promise<void> {
  return (page) => page.getByRole('radio', { name: mode }).click()
}

/** Measures two pictures with a few rules, without the paper's figures. */
async function runStudy(page: Page): Promise<void> {
  await page.getByRole('switch', { name: /the paper’s figures/ }).click()
  await page.getByRole('button', { name: 'Run the study…' }).click()
  await expect(page.getByRole('button', { name: 'Run a new study…' })).toBeVisible({ timeout: 120_000 })
  await page.getByRole('group', { name: /^Mean MSE/ }).press('ArrowRight')
}

function drawPart(tab: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('radio', { name: tab }).click()
    await page.getByRole('button', { name: 'Render', exact: true }).click()
    await expect(page.getByText('Nothing left to render')).toBeVisible({ timeout: 120_000 })
  }
}

/** Every view and dialog, with the way to get there. Escape closes each that is floating. */
const places: Record<string, (page: Page) => Promise<void>> = {
  morph: async () => undefined,
  'picture menu': openMenu,
  'several selected': selectSeveral,
  crop: openCrop,
  segment: openSegment,
  'segment menu': (page) => page.getByRole('button', { name: /^Segment 1/ }).click({ button: 'right' }),
  'stage menu': (page) => page.getByRole('main').click({ button: 'right' }),
  'stop menu': (page) => page.getByRole('button', { name: /^Stop 1/ }).click({ button: 'right' }),
  palette: (page) => page.keyboard.press('Control+k'),
  'timeline with a marker and a work area': markTimeline,
  advanced: openAdvanced,
  'model card': click('Model card'),
  models: click('Models…'),
  settings: click('Settings'),
  messages: click('Messages'),
  seeds: click('Add seeds'),
  keyboard: click('Keyboard shortcuts'),
  export: click('Export'),
  fidelity: compareBy('Fidelity'),
  'side by side': compareBy('Side by side'),
  flicker: compareBy('Flicker'),
  difference: compareBy('Difference'),
  lab: compareBy('Lab'),
  'lab with a study': runStudy,
  'lab table': compareBy('Table'),
  'lab consistency': drawPart('Consistency'),
  'lab interpolation': drawPart('Interpolation'),
  explore: compareBy('Explore'),
  'explore direction': compareBy('Direction'),
  'explore walk': compareBy('Walk'),
  'sort and size': click('Sort and size'),
  'why this device': (page) =>
    page.getByRole('status', { name: 'Compute device' }).getByRole('button').click(),
}

/** The size that most tests use, and the others in which every place is checked: width, height and zoom. */
const usualSize = [1440, 900, 1]
const otherSizes = [
  [960, 600, 1],
  [2560, 1440, 1],
  [1440, 900, 2],
]

/** Elements beyond the right edge of the page, where nobody can scroll, or outside their dialog. */
async function findCutOff(page: Page): Promise<string[]> {
  await waitForTransitions(page)
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const cut = scrollWidth > clientWidth ? [`the page is ${scrollWidth} wide in ${clientWidth}`] : []
    for (const dialog of document.querySelectorAll('[role=dialog]')) {
      const { left, top, right, bottom } = dialog.getBoundingClientRect()
      if (left < 0 || top < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5) {
        cut.push(`${dialog.getAttribute('aria-label') ?? dialog.className} lies outside the window`)
      }
    }
    return cut
  })
}

for (const theme of ['dark', 'light'] as const) {
  test(`every view of the ${theme} window is accessible, and nothing is cut off at any size`, async ({
    launch,
    folder,
  }) => {
    test.setTimeout(420_000)
    const preferences = { theme, modelPath: tinyModel }
    const session = twoSamples(3)
    const { app, page } = await launch({
      userData: await prepareUserData(folder, { preferences, session }),
    })
    await answerSaveDialog(app, join(folder, 'study'))
    await page.evaluate(await readFile(axePath, 'utf8'))
    await expectEncoded(page, 'tomato-heart')
    await expectFinalFrame(page)
    for (const [place, goThere] of Object.entries(places)) {
      await goThere(page)
      expect.soft(await findBarriers(page), place).toEqual([])
      const name = `${theme}-${place.replaceAll(' ', '-')}`
      await keepScreenshot(page, `axe-${name}`)
      await page.emulateMedia({ forcedColors: 'active' })
      await waitForTransitions(page)
      await keepScreenshot(page, `forced-${name}`)
      await page.emulateMedia({ forcedColors: null })
      for (const size of otherSizes) {
        await resize(app, size)
        await page.waitForTimeout(150)
        expect.soft(await findCutOff(page), `${place} at ${size.join('-')}`).toEqual([])
        await keepScreenshot(page, `size-${name}-${size.join('-')}`)
      }
      await resize(app, usualSize)
      await page.keyboard.press('Escape')
    }
  })

  test(`the first window in the ${theme} theme is accessible`, async ({ launch, folder }) => {
    const { page } = await launch({ userData: await prepareUserData(folder, { preferences: { theme } }) })
    await expect(page.getByRole('button', { name: 'Morph these two' })).toBeVisible()
    await page.evaluate(await readFile(axePath, 'utf8'))
    expect(await findBarriers(page)).toEqual([])
  })
}
