import { cp, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { encodeSettings } from '#shared/settings'
import { answerOpenDialog, chooseMenu } from '../dialogs'
import { expect, test } from '../harness'
import { expectEncoded, expectFinalFrame, expectSaved, keepScreenshot, startExport, tile } from './screen'
import { prepareUserData, twoSamples } from './userData'

/** Tiny, with random weights: the result is no apple, but it passes through the whole pipeline. */
const modelPath = fileURLToPath(new URL('../../golden/fixtures/latent/kl-statistics', import.meta.url))

test('a latent diffusion model shows its states during encoding and reports both parts of the error', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const { pictures } = twoSamples(1)
  const session = { pictures, encode: encodeSettings.parse({ steps: 1000 }) }
  const userData = await prepareUserData(folder, { preferences: { modelPath }, session })
  const { page } = await launch({ userData })
  const previews = await watchPreviews(page)
  await tile(page, 'apple-golden').click()
  await page.getByRole('button', { name: 'Encode', exact: true }).click()
  await expectEncoded(page, 'apple-golden')
  // A preview that does not change, or has a single colour, would not show the state.
  const seen = await previews()
  expect(seen.length).toBeGreaterThan(2)
  for (const colours of seen) expect(colours).toBeGreaterThan(1)
  await page.getByRole('radio', { name: 'Fidelity' }).click()
  const panel = page.getByRole('region', { name: 'Fidelity' })
  await expect(panel).toContainText(/Autoencoder alone .*\sdB, inversion/)
  await expect(panel).toContainText('of each channel')
  await keepScreenshot(page, 'latent-diffusion-fidelity')
})

/** Stable Diffusion with 16 x 16 pixels and random weights. */
const textModel = fileURLToPath(new URL('../../golden/fixtures/text/sd1', import.meta.url))

test('a text-conditional model takes prompts at two stops and guidance, exports a film, and is refused if too large', async ({
  launch,
  folder,
}) => {
  test.setTimeout(300_000)
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: textModel },
    session: twoSamples(4),
  })
  const studio = await launch({ userData })
  const { app, page } = studio
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  const stop = (at: number) => page.getByRole('button', { name: new RegExp(`^Stop ${at}:`) })

  await stop(1).click()
  const prompt = inspector.getByRole('textbox', { name: 'Prompt', exact: true })
  await prompt.fill('an apple')
  await prompt.press('Enter')
  await expectEncoded(page, 'apple-golden')
  await expectEncoded(page, 'tomato-heart')
  await expectFinalFrame(page)
  const before = await frameOf(page)
  // A sentence about the model contains its path, which has no space to break at.
  const sections = inspector.locator('.sections')
  expect(await sections.evaluate((panel) => panel.scrollWidth - panel.clientWidth)).toBe(0)

  // A stop's prompt changes the frame, more so with more guidance; undo restores it.
  const atStop = inspector.getByRole('textbox', { name: 'Prompt at stop 1' })
  await atStop.fill('a night by the sea')
  await atStop.press('Enter')
  const stage = page.getByRole('main', { name: 'Stage' })
  await expect(stage).toContainText('guided by its prompt')
  await expectFinalFrame(page)
  await expect.poll(async () => (await frameOf(page)) === before, { timeout: 60_000 }).toBe(false)
  await inspector.getByRole('slider', { name: 'Guidance' }).press('PageUp')
  await expectFinalFrame(page)
  await keepScreenshot(page, 'latent-diffusion-prompts')
  await stop(2).click()
  const second = inspector.getByRole('textbox', { name: 'Prompt at stop 2' })
  await expect(second).toHaveValue('')
  await second.fill('a red tomato')
  await second.press('Enter')

  const path = join(folder, 'film.gif')
  await expectSaved(await startExport(studio, { format: 'GIF', path }))
  expect((await stat(path)).size).toBeGreaterThan(0)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+z')
  await expect(second).toHaveValue('')

  // Work that would need more memory than there is is refused before anything is computed.
  const large = join(folder, 'too large')
  await cp(textModel, large, { recursive: true })
  const config = join(large, 'unet/config.json')
  const options = JSON.parse(await readFile(config, 'utf8')) as object
  await writeFile(config, JSON.stringify({ ...options, sample_size: 65_536 }))
  await answerOpenDialog(app, [large])
  await chooseMenu(app, 'openModel')
  const messages = page.getByRole('region', { name: 'Messages' })
  await expect(messages).toContainText(/too large needs at least .*B of memory.*this machine has/)
  await keepScreenshot(page, 'latent-diffusion-too-large')
})

/**
 * Watches the live previews in the window.
 *
 * @returns a function that gives the number of colours of each distinct preview
 */
async function watchPreviews(page: Page): Promise<() => Promise<number[]>> {
  const seen = await page.evaluateHandle(() => {
    const previews = new Map<string, number>()
    const look = ({ target }: Event) => {
      if (!(target instanceof HTMLImageElement) || !target.matches('.preview')) return
      const { naturalWidth: width, naturalHeight: height } = target
      const context = new OffscreenCanvas(width, height).getContext('2d')!
      context.drawImage(target, 0, 0)
      const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
      previews.set(pixels.join(), new Set(pixels).size)
    }
    document.addEventListener('load', look, true)
    return previews
  })
  return () => seen.evaluate((previews) => [...previews.values()])
}

/** The frame on the stage, as pixels. */
function frameOf(page: Page): Promise<string> {
  return page
    .locator('canvas')
    .first()
    .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
}
