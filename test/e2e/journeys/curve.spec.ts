import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** Width, height and zoom; the last is also checked in forced colours. */
const sizes = [
  [960, 600, 1],
  [1440, 900, 2],
  [2560, 1440, 1],
  [1440, 900, 1],
] as const

for (const theme of ['dark', 'light'] as const) {
  test(`a segment’s curve is edited by its handles, by keys and by numbers (${theme})`, async ({
    launch,
    folder,
  }) => {
    test.setTimeout(180_000)
    const { app, page } = await launch({
      userData: await prepareUserData(folder, {
        preferences: { modelPath: tinyModel, theme },
        session: twoSamples(40),
      }),
    })
    await expectFinalFrame(page)
    const segment = page.getByRole('button', { name: /^Segment 1:/ })
    await segment.click()
    const panel = page.getByRole('region', { name: 'Segment 1' })
    const knob = panel.getByRole('button', { name: /^First handle/ })
    await expect(knob).toHaveAccessibleName('First handle: time 0.33, progress 0.33')

    const box = (await knob.boundingBox())!
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + 60, box.y + 20, { steps: 5 })
    await page.mouse.move(box.x + 500, box.y + 500, { steps: 5 })
    await page.mouse.up()
    await expect(knob).toHaveAccessibleName('First handle: time 1.00, progress 0.00')
    await expect(segment).toHaveAccessibleName('Segment 1: 40 frames, custom curve')
    await page.keyboard.press('Control+z')
    await expect(segment).toHaveAccessibleName('Segment 1: 40 frames, linear')

    await knob.focus()
    await page.keyboard.press('Shift+ArrowRight')
    await expect(knob).toHaveAccessibleName('First handle: time 0.43, progress 0.33')
    const numbers = panel.getByRole('textbox', { name: 'Handles of the curve' })
    await numbers.fill('cubic-bezier(0.8, 0, 0.2, 1)')
    await numbers.press('Enter')
    await expect(segment).toHaveAccessibleName('Segment 1: 40 frames, strong')
    await numbers.fill('0.9, -0.1, 0.2, 0.8')
    await numbers.press('Enter')
    await expect(panel.getByRole('alert')).toContainText('Four numbers from 0 to 1')
    await expect(numbers).toHaveValue('0.9, -0.1, 0.2, 0.8')
    await numbers.fill('0.9, 0.1, 0.2, 0.8')
    await expect(panel.getByRole('alert')).toHaveCount(0)
    await numbers.press('Enter')
    await page.getByRole('slider', { name: 'Playhead' }).focus()
    await page.keyboard.press('Shift+ArrowRight')

    for (const [width, height, zoom] of sizes) {
      await app.evaluate(
        ({ BrowserWindow }, now) => {
          const [window] = BrowserWindow.getAllWindows()
          window.setContentSize(now.width, now.height)
          window.webContents.setZoomFactor(now.zoom)
        },
        { width, height, zoom },
      )
      await page.waitForTimeout(400)
      await keepScreenshot(page, `curve-${theme}-${width}-${zoom}`)
    }
    await page.emulateMedia({ forcedColors: 'active' })
    await keepScreenshot(page, `curve-${theme}-forced`)
  })
}
