import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readGif } from '../../fixtures/readGif'
import { expect, test } from '../harness'
import {
  expectEncoded,
  expectFinalFrame,
  expectSaved,
  keepScreenshot,
  setNumber,
  startExport,
} from './screen'

test('first run: from the samples to an animated GIF', async ({ studio, folder }) => {
  test.setTimeout(300_000)
  const { page } = studio
  await expect(page.getByRole('option')).toHaveCount(11)
  await keepScreenshot(page, 'first-run-1-welcome')

  await page.getByRole('radio', { name: /^Draft/ }).click()
  await page.getByRole('button', { name: 'Morph these two' }).click()
  await setNumber(page, 'Frames in total', 9)
  await keepScreenshot(page, 'first-run-2-encoding')
  await expectEncoded(page, 'Apple granny smith')
  await expectFinalFrame(page)
  await keepScreenshot(page, 'first-run-3-morph')

  const path = join(folder, 'morph.gif')
  const row = await startExport(studio, { format: 'GIF', path, repeat: 'Ping-pong' })
  await expectSaved(row)
  await keepScreenshot(page, 'first-run-4-saved')

  const gif = readGif(await readFile(path))
  expect(gif).toMatchObject({ width: 384, height: 384, repeat: 0 })
  expect(gif.frames).toHaveLength(16)
  const [first, middle, last] = [0, 4, 8].map((index) => Buffer.from(gif.frames[index].rgb))
  expect(first.equals(middle)).toBe(false)
  expect(middle.equals(last)).toBe(false)
})
