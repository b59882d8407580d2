import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { encodePng } from '#engine/image/encodePicture'
import { presetsFor } from '#shared/presets'
import { gradient } from '../../fixtures/paint'
import { expect, test } from '../harness'
import { dropFiles } from './dropFiles'
import {
  expectEncoded,
  expectFinalFrame,
  expectSaved,
  keepScreenshot,
  setNumber,
  startExport,
  tile,
} from './screen'
import { prepareUserData } from './userData'

const hasFfprobe = spawnSync('ffprobe', ['-version']).error === undefined

/** Writes one landscape and one portrait picture. */
async function paintTwo(folder: string): Promise<string[]> {
  const [wide, high] = ['wide.png', 'high.png'].map((name) => join(folder, name))
  await writeFile(wide, await encodePng(gradient(150, 90)))
  await writeFile(high, await encodePng(gradient(80, 120, 2)))
  return [wide, high]
}

/** Crops the selected picture by keyboard: a smaller frame, moved to the left edge. */
async function cropToTheLeft(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Crop and fit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Crop and fit Wide' })
  await dialog.getByRole('radio', { name: 'Crop' }).click()
  const square = dialog.getByRole('application')
  await expect(square).toHaveAccessibleName('Crop of 90 × 90 pixels at 30, 0')
  await square.focus()
  for (let press = 0; press < 5; press++) await page.keyboard.press('Shift+ArrowLeft')
  for (let press = 0; press < 30; press++) await page.keyboard.press('ArrowLeft')
  await expect(square).toHaveAccessibleName(/^Crop of 70 × 70 pixels at 0, 10$/)
  await keepScreenshot(page, 'own-1-crop')
  await dialog.getByRole('button', { name: 'Apply' }).click()
}

/** Number of distinct colours on a canvas: 1 if it is empty, 0 while it has no size yet. */
function coloursOf(page: Page, label: string | RegExp): Promise<number> {
  return page.getByRole('img', { name: label, exact: true }).evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const { width, height } = canvas
    if (width === 0 || height === 0) return 0
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height)
    return new Set(new Uint32Array(data.buffer)).size
  })
}

async function compareInAllModes(page: Page): Promise<void> {
  const modes = page.getByRole('radiogroup', { name: 'Compare by' })
  const canvases = {
    Slider: ['Source', 'Reconstruction'],
    'Side by side': ['Source', 'Reconstruction'],
    Difference: [],
  }
  for (const [mode, labels] of Object.entries(canvases)) {
    await modes.getByRole('radio', { name: mode }).click()
    for (const label of labels) await expect.poll(() => coloursOf(page, label)).toBeGreaterThan(50)
    await keepScreenshot(page, `own-2-${mode.toLowerCase().replaceAll(' ', '-')}`)
  }
  await expect
    .poll(() => coloursOf(page, /^Difference · brightest = 0\.\d+ of full range$/))
    .toBeGreaterThan(50)
  await modes.getByRole('radio', { name: 'Flicker' }).click()
  await page.getByRole('button', { name: 'Pause' }).click()
  const shown = page.getByRole('region', { name: 'Comparison' }).getByRole('img')
  const before = await shown.getAttribute('aria-label')
  await page.getByRole('button', { name: 'Swap' }).click()
  await expect(shown).not.toHaveAccessibleName(before!)
}

/** The properties that ffprobe reports of a film. */
function probe(path: string): unknown {
  const entries = 'stream=codec_name,width,height,r_frame_rate,nb_read_frames'
  const args = [
    '-v',
    'error',
    '-count_frames',
    '-select_streams',
    'v',
    '-show_entries',
    entries,
    '-of',
    'json',
    path,
  ]
  const { stdout, stderr } = spawnSync('ffprobe', args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout).streams[0]
}

test('a user’s own pictures are dropped, cropped, encoded, compared, morphed and exported as a film', async ({
  launch,
  folder,
}) => {
  test.setTimeout(400_000)
  if (!hasFfprobe && process.env.SLERP_REQUIRE_E2E === '1') throw new Error('There is no ffprobe on PATH.')
  const [draft] = presetsFor('codes')
  const session = { encode: draft.encode, decode: draft.decode }
  const studio = await launch({ userData: await prepareUserData(folder, { session }) })
  const { page } = studio
  await dropFiles(page, await paintTwo(folder))
  await expect(page.getByRole('option')).toHaveCount(2)
  await tile(page, 'Wide').click()
  await cropToTheLeft(page)

  await page.getByRole('radio', { name: 'Fidelity' }).click()
  await page.getByRole('button', { name: 'Encode and compare' }).click()
  await expectEncoded(page, 'Wide')
  await compareInAllModes(page)

  await page.getByRole('radio', { name: 'Morph' }).click()
  await page.getByRole('button', { name: 'Morph these two' }).click()
  await setNumber(page, 'Frames in total', 7)
  await setNumber(page, 'Frames per second', 12)
  await expectFinalFrame(page)
  await keepScreenshot(page, 'own-3-morph')

  const path = join(folder, 'film.mp4')
  await expectSaved(await startExport(studio, { format: 'MP4 · H.264', path, repeat: 'Once' }))
  if (!hasFfprobe) return console.warn('There is no ffprobe on PATH: the film was NOT looked at.')
  expect(probe(path)).toEqual({
    codec_name: 'h264',
    width: 384,
    height: 384,
    r_frame_rate: '12/1',
    nb_read_frames: '7',
  })
})
