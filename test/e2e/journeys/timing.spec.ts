import type { Locator, Page } from '@playwright/test'
import { expect, test, type Fixtures } from '../harness'
import { expectFinalFrame, keepScreenshot, setNumber } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

test.beforeEach(() => test.setTimeout(180_000))

/** Starts with two pictures, twelve frames apart, and all frames rendered. */
async function launchFilm(
  { launch, folder }: Pick<Fixtures, 'launch' | 'folder'>,
  theme: 'dark' | 'light' = 'dark',
): Promise<Page> {
  const preferences = { modelPath: tinyModel, theme }
  const userData = await prepareUserData(folder, { preferences, session: twoSamples(12) })
  const { page } = await launch({ userData })
  await expectFinalFrame(page)
  return page
}

/**
 * Chooses "Even" for the first segment and waits until it is timed. Returns the segment on the timeline and
 * in the inspector's panel.
 */
async function timeFirstSegment(page: Page): Promise<{ pill: Locator; panel: Locator }> {
  const pill = page.getByRole('button', { name: /^Segment 1:/ })
  await pill.click()
  const panel = page.getByRole('region', { name: 'Segment 1' })
  await panel.getByRole('combobox', { name: 'Timing' }).click()
  await page.getByRole('option', { name: 'Even' }).click()
  await expect(pill).toHaveAccessibleName('Segment 1: 12 frames, even', { timeout: 120_000 })
  return { pill, panel }
}

for (const theme of ['dark', 'light'] as const) {
  test(`a segment is timed evenly, gets another path, and both are undone (${theme})`, async ({
    launch,
    folder,
  }) => {
    const page = await launchFilm({ launch, folder }, theme)
    const { pill, panel } = await timeFirstSegment(page)
    await panel.getByRole('combobox', { name: 'Path' }).click()
    await page.getByRole('option', { name: 'Smooth' }).click()
    await expect(panel.getByText('A curve through all stops')).toBeVisible()
    await keepScreenshot(page, `timing-segment-${theme}`)

    await expect(
      page.getByRole('img', { name: /^Change from frame to frame: the largest step/ }),
    ).toBeVisible()
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await expect(pill).not.toHaveAccessibleName(/even$/)

    await page.getByRole('button', { name: 'Time the film evenly' }).click()
    await expect(pill).toHaveAccessibleName('Segment 1: 12 frames, even', { timeout: 120_000 })
    await keepScreenshot(page, `timing-film-${theme}`)
  })
}

test('an evenly timed segment is measured again when its length changes, as a single undo step', async ({
  launch,
  folder,
}) => {
  const page = await launchFilm({ launch, folder })
  const { pill, panel } = await timeFirstSegment(page)
  const measuring = panel.getByRole('progressbar', { name: 'Measuring the frames' })
  await expect(measuring).toBeHidden()

  await setNumber(page, 'Frames in this segment', 40)
  await expect(pill).toHaveAccessibleName('Segment 1: 40 frames, even')
  await expect(measuring).toBeVisible()
  const caption = page.getByRole('group', { name: 'Even timing' })
  await expect(caption).toContainText(/Timing evenly · \d+%/)
  await expect(pill).toHaveAttribute('aria-busy', 'true')
  await keepScreenshot(page, 'timing-again')
  await page.emulateMedia({ colorScheme: 'light' })
  await keepScreenshot(page, 'timing-again-light')
  await expect(measuring).toBeHidden({ timeout: 120_000 })
  await page.keyboard.press('Control+z')
  await expect(pill).toHaveAccessibleName('Segment 1: 12 frames, even')
  await page.keyboard.press('Control+z')
  await expect(pill).not.toHaveAccessibleName(/even$/)
})

test('pinned stops show the original pictures, and the Lab shows every path side by side', async ({
  launch,
  folder,
}) => {
  const page = await launchFilm({ launch, folder })
  await page.getByRole('button', { name: /^Pin the pictures/ }).click()
  await expect(page.getByText('pinned picture')).toBeVisible()
  await expectFinalFrame(page)
  await keepScreenshot(page, 'timing-pinned')

  await page.getByRole('radio', { name: 'Lab' }).click()
  await page.getByRole('radio', { name: 'Interpolation' }).click()
  await page.getByRole('radio', { name: 'Every path' }).click()
  await page
    .getByRole('button', { name: /^Draw|^Render/ })
    .first()
    .click()
  await expect(page.getByRole('img', { name: 'Frame 7 of 7' }).last()).toBeVisible({ timeout: 120_000 })
  await keepScreenshot(page, 'timing-paths')
})

test('Settings show how many results are stored, and remove them', async ({ launch, folder }) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel } }),
  })
  await page.keyboard.press('Control+,')
  const dialog = page.getByRole('dialog', { name: 'Settings' })
  await expect(dialog.getByText(/ in \d+ results?$/)).toBeVisible()
  const empty = dialog.getByRole('button', { name: 'Empty' })
  // The samples' previews may be stored meanwhile, so it is emptied until none follows.
  await expect(async () => {
    if (await empty.isEnabled()) await empty.click()
    await expect(dialog.getByText(/in 0 results/)).toBeVisible({ timeout: 1000 })
  }).toPass()
  await expect(dialog.getByRole('spinbutton', { name: 'Stored results, at most' })).toHaveValue('0')
  await keepScreenshot(page, 'timing-settings')
})
