import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '../harness'
import { keepScreenshot, tile } from './screen'
import { prepareUserData, samples, tinyModel } from './userData'

test.beforeEach(() => test.setTimeout(180_000))

const count = 300

/** Three hundred pictures with two kinds of names. */
async function manyPictures(folder: string) {
  const pictures = Array.from({ length: count }, (_unused, at) => ({
    path: join(folder, `${String(at).padStart(3, '0')}.webp`),
    name: `${at % 3 === 0 ? 'Apple' : 'Tomato'} ${at}`,
    fit: { mode: 'cover' as const },
    restandardise: false,
  }))
  const names = ['apple-golden', 'tomato-heart']
  for (const [at, { path }] of pictures.entries()) {
    await copyFile(join(samples, `${names[at % 3 === 0 ? 0 : 1]}.webp`), path)
  }
  return pictures
}

test('300 pictures can be searched by name, sorted, and shown at the chosen size', async ({
  launch,
  folder,
}) => {
  const session = { pictures: await manyPictures(folder) }
  const userData = await prepareUserData(folder, { preferences: { modelPath: tinyModel }, session })
  const studio = await launch({ userData })
  const { page } = studio
  const tiles = page.getByRole('option')
  await expect(tiles).toHaveCount(count)

  await page.keyboard.press('Control+f')
  const search = page.getByRole('textbox', { name: 'Search the library' })
  await expect(search).toBeFocused()
  await search.fill('apple 29')
  await expect(page.getByText('4 of 300')).toBeVisible()
  await expect(tiles).toHaveCount(4)
  await search.press('Enter')
  await expect(tiles.first()).toBeFocused()
  await page.keyboard.press('Control+a')
  await expect(page.getByRole('option', { selected: true })).toHaveCount(4)
  await search.fill('apple 297')
  // Items that are filtered out are deselected, so that Delete removes nothing unseen.
  await expect(page.getByRole('option', { selected: true })).toHaveCount(1)
  await search.fill('quince')
  await expect(page.getByText('No matches for “quince”.')).toBeVisible()
  await search.press('Escape')
  await expect(tiles).toHaveCount(count)

  const menu = page.getByRole('button', { name: 'Sort and size' })
  await menu.click()
  await page.getByRole('menuitemradio', { name: 'Name' }).click()
  await expect(tiles.nth(1)).toHaveAccessibleName(/^Apple 3,/)
  await menu.click()
  await page.getByRole('menuitemradio', { name: 'Small' }).click()
  const [first, second, third] = await Promise.all([0, 1, 2].map((at) => tiles.nth(at).boundingBox()))
  expect([second!.y, third!.y]).toEqual([first!.y, first!.y])
  await keepScreenshot(page, 'library-small')
  await tiles.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(tiles.nth(3)).toBeFocused()
  await studio.close()

  const again = (await launch({ userData })).page
  await expect(again.getByRole('option').nth(1)).toHaveAccessibleName(/^Apple 3,/)
  const kept = (await tile(again, 'Apple 0').boundingBox())!
  expect(Math.round(kept.width)).toBe(Math.round(first!.width))
  await again.getByRole('button', { name: 'Sort and size' }).click()
  await again.getByRole('menuitemradio', { name: 'Large' }).click()
  await keepScreenshot(again, 'library-large')
})
