import { join } from 'node:path'
import { malformedPictures } from '../../fixtures/malformedPictures'
import { killEngine } from '../engine'
import { expect, test } from '../harness'
import { expectFinalFrame, keepScreenshot } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

const preferences = { modelPath: tinyModel }

test('playback waits at a picture without a latent instead of showing a wrong frame', async ({
  launch,
  folder,
}) => {
  const damaged = join(folder, 'half-the-rows.png')
  malformedPictures()
    .find(({ name }) => name === 'half-the-rows.png')!
    .write(damaged)
  const { pictures = [], segments = [] } = twoSamples(6)
  const session = twoSamples(6, {
    pictures: [...pictures, { ...pictures[0], path: damaged, name: 'Damaged' }],
    stops: [0, 1, 2],
    segments: [...segments, ...segments],
    repeat: 'forever',
  })
  const { page } = await launch({ userData: await prepareUserData(folder, { preferences, session }) })
  await expectFinalFrame(page)
  await page.keyboard.press('Space')
  await expect(page.getByRole('heading', { name: 'Not encoded yet' })).toBeVisible({ timeout: 60_000 })
  const playhead = page.getByRole('slider', { name: 'Playhead' })
  // Frame 6 is the second picture's own reconstruction; there is nothing beyond it.
  await expect(playhead).toHaveAttribute('aria-valuenow', '7')
  await expect(page.getByRole('figure', { name: /^Damaged: .*pixel data is missing/ })).toBeVisible()
  await keepScreenshot(page, 'playback-1-waits')
  await page.keyboard.press('Home')
  await expectFinalFrame(page)
})

test('killing the engine while it renders the current frame costs one message, and the frame still appears', async ({
  launch,
  folder,
}) => {
  const session = twoSamples(2000)
  const { app, page } = await launch({ userData: await prepareUserData(folder, { preferences, session }) })
  await expectFinalFrame(page)
  const playhead = page.getByRole('slider', { name: 'Playhead' })
  await page.keyboard.press('End')
  await killEngine(app)
  for (let press = 0; press < 5; press++) await page.keyboard.press('Shift+ArrowLeft')
  await expect(playhead).toHaveAttribute('aria-valuenow', '1950')
  // Checked first: the message disappears by itself, on a busy machine before the frame appears.
  const messages = page.getByRole('region', { name: 'Messages' }).getByRole('article')
  await expect(messages).toHaveCount(1, { timeout: 60_000 })
  await expect(messages).toContainText('The engine process ended unexpectedly')
  await keepScreenshot(page, 'playback-2-engine-killed')
  await expectFinalFrame(page)
})
