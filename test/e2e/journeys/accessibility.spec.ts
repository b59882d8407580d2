import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from '@playwright/test'
import type { AxeResults } from 'axe-core'
import { chooseMenu } from '../dialogs'
import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** What axe finds serious or critical, each with the first element it is about. */
async function seriousIn(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].target.join(' ')}`)
}

for (const theme of ['dark', 'light'] as const) {
  test(`no view in the ${theme} theme shuts anyone out`, async ({ launch, folder }) => {
    const preferences = { theme, modelPath: tinyModel }
    const userData = await prepareUserData(folder, { preferences, session: twoSamples(6) })
    const { app, page } = await launch({ userData })
    const look = async (view: string): Promise<void> => {
      // A dialog fades in, and half-transparent text has too little contrast.
      await page.waitForTimeout(400)
      await keepScreenshot(page, `accessibility-${theme}-${view}`)
      expect.soft(await seriousIn(page), view).toEqual([])
    }
    await expectFinalFrame(page)
    await look('morph')
    for (const dialog of ['showSettings', 'showKeyboard', 'export']) {
      await chooseMenu(app, dialog)
      await look(dialog)
      await page.keyboard.press('Escape')
    }
    await page.getByRole('option').first().click()
    await page.getByRole('button', { name: 'Crop and fit' }).click()
    await look('crop')
    await page.keyboard.press('Escape')
    await chooseMenu(app, 'showFidelity')
    await expect(page.getByRole('region', { name: 'Comparison' })).toBeVisible({ timeout: 60_000 })
    await look('fidelity')
  })

  test(`nor does the first screen in the ${theme} theme`, async ({ launch, folder }) => {
    const { page } = await launch({ userData: await prepareUserData(folder, { preferences: { theme } }) })
    await expect(page.getByRole('button', { name: 'Morph these two' })).toBeVisible()
    await keepScreenshot(page, `accessibility-${theme}-welcome`)
    expect(await seriousIn(page)).toEqual([])
  })
}
