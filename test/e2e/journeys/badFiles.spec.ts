import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { malformedPictures } from '../../fixtures/malformedPictures'
import { picturePath } from '../../fixtures/picturePath'
import { expect, test } from '../harness'
import { dropFiles } from './dropFiles'
import { keepScreenshot } from './screen'

/** One of each kind; the engine's own tests go through all of them. */
const kinds = [
  'empty.png',
  'text.png',
  'document.jpg',
  'archive.webp',
  'film.avif',
  'wrong-magic.png',
  'pixel-checksum.png',
  'bomb-real.png',
  'cut-to-123.gif',
  'cut-to-689.jpg',
]

function write(name: string, folder: string): string {
  const path = join(folder, name)
  malformedPictures()
    .find((malformed) => malformed.name === name)!
    .write(path)
  return path
}

const messageOf = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Messages' }).getByRole('article').filter({ hasText: name }).first()

test('ten kinds of files that are no pictures are named, and what was there stays', async ({
  studio: { page },
  folder,
}) => {
  const tiles = page.getByRole('listbox', { name: 'Pictures' }).getByRole('option')
  await expect(tiles).not.toHaveCount(0)
  const before = await tiles.count()
  for (const name of kinds) {
    await dropFiles(page, [write(name, folder)])
    const message = messageOf(page, name)
    await expect(message, name).toContainText('BAD_PICTURE')
    if (name === kinds[0]) await keepScreenshot(page, 'bad-files-1-refused')
    await message.getByRole('button', { name: 'Dismiss message' }).click()
    await expect(tiles, name).toHaveCount(before)
  }
  await dropFiles(page, [picturePath('upright.png')])
  await expect(tiles).toHaveCount(before + 1)
})

test('damage that only decoding finds is told when the picture is encoded', async ({
  studio: { page },
  folder,
}) => {
  await expect(page.getByRole('button', { name: 'Morph these two' })).toBeVisible()
  await dropFiles(page, [write('half-the-rows.png', folder)])
  await expect(page.getByRole('option', { selected: true })).toHaveCount(1)
  await page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: 'Encode' }).click()
  await expect(messageOf(page, 'half-the-rows')).toContainText('BAD_PICTURE')
  await expect(page.getByRole('option', { selected: true })).toHaveAccessibleName(/fail/i)
  await keepScreenshot(page, 'bad-files-2-failed')
})
