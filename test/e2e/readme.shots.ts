import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './harness'
import { expectEncoded, expectFinalFrame, expectSaved, setNumber, startExport, tile } from './journeys/screen'

const target = join(import.meta.dirname, '../../docs/screenshots')
const frames = 9

function shoot(page: Page, name: string): Promise<Buffer> {
  return page.screenshot({ path: join(target, `${name}.png`) })
}

/** Visits every frame until it is shown in full quality, and ends in the middle. */
async function finishAllFrames(page: Page, playhead: Locator): Promise<void> {
  await playhead.press('Home')
  await expectFinalFrame(page)
  for (let frame = 1; frame < frames; frame++) {
    await playhead.press('ArrowRight')
    await expectFinalFrame(page)
  }
  for (let frame = frames - 1; frame > Math.floor(frames / 2); frame--) await playhead.press('ArrowLeft')
}

test('take the screenshots of the README', async ({ studio, folder }) => {
  const { app, page } = studio
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].setContentSize(1440, 900))
  await page.getByRole('button', { name: 'Morph these two' }).click()
  await setNumber(page, 'Frames in total', frames)
  await expectEncoded(page, 'Tomato cherry red')
  await finishAllFrames(page, page.getByRole('slider', { name: 'Playhead' }))
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await shoot(page, 'morph')

  await tile(page, 'Apple granny smith').click()
  await page.getByRole('radio', { name: 'Fidelity' }).click()
  await expect(page.getByRole('img', { name: 'Reconstruction' })).toBeVisible()
  await shoot(page, 'fidelity')

  await page.getByRole('radio', { name: 'Morph' }).click()
  const path = join(folder, 'Apple to tomato.gif')
  await expectSaved(await startExport(studio, { format: 'GIF', path }))
  // An open dialog hides messages from everything but the eye.
  await expect(page.locator('.toast')).toHaveCount(0, { timeout: 20_000 })
  await page.getByRole('dialog').getByRole('radio', { name: 'MP4 · H.264:' }).click()
  await page.mouse.move(0, 0)
  await shoot(page, 'export')
})
