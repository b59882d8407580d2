import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Locator, Page } from '@playwright/test'
import { answerSaveDialog } from '../dialogs'
import { expect, test } from '../harness'
import { expectFinalFrame, expectSaved, keepScreenshot, startExport } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

test.beforeEach(() => test.setTimeout(240_000))

const stops = (page: Page) => page.getByRole('button', { name: /^Stop \d/ })
const playhead = (page: Page) => page.getByRole('slider', { name: 'Playhead' })
const three = (frames: number) =>
  twoSamples(frames, {
    stops: [0, 1, 0],
    segments: [
      { frames, easing: 'linear', interpolation: 'slerp' },
      { frames, easing: 'linear', interpolation: 'slerp' },
    ],
  })

/** Presses the middle of an element and moves by pixels, in steps as a hand does. */
async function dragBy(page: Page, element: Locator, by: number): Promise<void> {
  const box = (await element.boundingBox())!
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let step = 1; step <= 10; step++) await page.mouse.move(x + (by * step) / 10, y)
}

for (const theme of ['dark', 'light'] as const) {
  test(`stops are dragged in time, snap, and swap places when dragged past a neighbour (${theme})`, async ({
    launch,
    folder,
  }) => {
    const { page } = await launch({
      userData: await prepareUserData(folder, {
        preferences: { modelPath: tinyModel, theme },
        session: three(20),
      }),
    })
    await expectFinalFrame(page)
    const track = (await page.locator('.track').boundingBox())!
    const perFrame = track.width / 40
    await dragBy(page, stops(page).nth(1), 6 * perFrame)
    await expect(page.getByText('0:01.30', { exact: true })).toBeVisible()
    await keepScreenshot(page, `editor-drag-${theme}`)
    await page.mouse.up()
    await expect(stops(page).nth(1)).toHaveAccessibleName(/frame 27$/)
    await expect(stops(page).nth(2)).toHaveAccessibleName(/frame 41$/)
    await page.keyboard.press('Control+z')
    await expect(stops(page).nth(1)).toHaveAccessibleName(/frame 21$/)

    // The playhead is at frame 31, and a stop released nearby snaps to it.
    const clock = page.getByRole('textbox', { name: 'Current time' })
    await clock.fill('1.5')
    await clock.press('Enter')
    await expect(playhead(page)).toHaveAttribute('aria-valuenow', '30')
    await dragBy(page, stops(page).nth(1), 10 * perFrame - 5)
    await page.mouse.up()
    await expect(stops(page).nth(1)).toHaveAccessibleName(/frame 31$/)

    await dragBy(page, stops(page).nth(1), 14 * perFrame)
    await keepScreenshot(page, `editor-insert-${theme}`)
    await page.mouse.up()
    await expect(stops(page).nth(2)).toHaveAccessibleName(/tomato-heart/)

    await stops(page).nth(1).focus()
    await page.keyboard.press('Alt+Shift+ArrowRight')
    await expect(stops(page).nth(1)).toHaveAccessibleName(/frame 32$/)
  })
}

test('the timeline zooms and pans, markers can be set and named, and an export covers only the work area', async ({
  launch,
  folder,
}) => {
  const studio = await launch({
    userData: await prepareUserData(folder, {
      preferences: { modelPath: tinyModel },
      session: three(20),
    }),
  })
  const { page } = studio
  await expectFinalFrame(page)
  await stops(page).nth(1).click()
  await page.keyboard.press('m')
  const marker = page.getByRole('button', { name: /^Marker/ })
  await expect(marker).toHaveAccessibleName('Marker Marker 1, at 0:01.00')
  await page.keyboard.press('m')
  const field = page.getByRole('textbox', { name: 'Name of the marker' })
  await field.fill('Turn')
  await field.press('Enter')
  await expect(marker).toHaveAccessibleName('Marker Turn, at 0:01.00')
  await expect(marker).toBeFocused()
  await page.keyboard.press('Alt+Shift+ArrowRight')
  await expect(marker).toHaveAccessibleName('Marker Turn, at 0:01.05')
  await page.keyboard.press('Alt+Shift+ArrowLeft')
  await expect(marker).toHaveAccessibleName('Marker Turn, at 0:01.00')
  await expect(marker).toBeFocused()

  const clock = page.getByRole('textbox', { name: 'Current time' })
  for (const [frame, key] of [
    ['11f', 'i'],
    ['31f', 'o'],
  ]) {
    await clock.fill(frame)
    await clock.press('Enter')
    await stops(page).nth(1).focus()
    await page.keyboard.press(key)
  }
  await expect(page.getByText('Work area: frames 11 to 31')).toBeAttached()
  await keepScreenshot(page, 'editor-work-area')

  for (let press = 0; press < 3; press++) await page.keyboard.press('+')
  await keepScreenshot(page, 'editor-zoomed')
  const inView = async (stop: Locator) => {
    const track = (await page.locator('.track').boundingBox())!
    const { x, width } = (await stop.boundingBox())!
    return x + width / 2 >= track.x - 1 && x + width / 2 <= track.x + track.width + 1
  }
  expect(await inView(stops(page).first())).toBe(false)
  await page.keyboard.press('Home')
  await expect.poll(() => inView(stops(page).first())).toBe(true)
  await page.keyboard.press('0')
  await expect.poll(() => inView(stops(page).last())).toBe(true)

  await page.getByRole('button', { name: /^Export/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Export' })
  await expect(dialog.getByRole('switch', { name: /Only the work area/ })).toBeChecked()
  await keepScreenshot(page, 'editor-export')
  await expect(dialog.getByText(/21 frames, 0:01\.05/)).toBeVisible()
  await expectSaved(await startExport(studio, { format: 'GIF', path: `${folder}/area.gif`, repeat: 'Once' }))
  await page.keyboard.press('Escape')

  // Without the window, the same project gives the same frames.
  await answerSaveDialog(studio.app, `${folder}/area.slerp`)
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('heading', { name: 'area', exact: true })).toBeVisible()
  const render = async (...args: string[]): Promise<unknown> => {
    const command = ['bin/slerp-studio.mjs', 'render', `${folder}/area.slerp`, '--json', ...args]
    const { stdout } = await promisify(execFile)(process.execPath, command)
    return JSON.parse(stdout)
  }
  expect(await render('-o', `${folder}/part.gif`, '--repeat', 'once')).toMatchObject({ frames: 21 })
  expect(await render('-o', `${folder}/whole.gif`, '--repeat', 'once', '--whole')).toMatchObject({
    frames: 41,
  })
})
