import { copyFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { malformedPictures } from '../../fixtures/malformedPictures'
import { picturePath } from '../../fixtures/picturePath'
import { expect, test } from '../harness'
import { dropFiles } from './dropFiles'
import { expectEncoded, expectFinalFrame, keepScreenshot, tile } from './screen'
import { prepareUserData, tinyModel } from './userData'

/** Ten files that are not usable pictures: empty, of other kinds, damaged, too large. */
const badNames = [
  'empty.png',
  'text.png',
  'page.jpg',
  'document.jpg',
  'archive.webp',
  'film.avif',
  'wrong-magic.png',
  'no-header.png',
  'no-frame.jpg',
  'bomb-declared.png',
]

test('each of ten bad files is reported, and the good files among them are imported and morphed', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const bad = malformedPictures().filter(({ name }) => badNames.includes(name))
  for (const { name, write } of bad) write(join(folder, name))
  await copyFile(picturePath('upright.jpg'), join(folder, 'left.jpg'))
  await copyFile(picturePath('grey.png'), join(folder, 'right.png'))
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel }, session: {} }),
  })
  await dropFiles(
    page,
    ['left.jpg', ...badNames, 'right.png'].map((name) => join(folder, name)),
  )
  await expect(page.getByRole('option')).toHaveCount(2)
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByText('Why', { exact: true }).click()
  const reasons = messages.getByRole('listitem')
  await expect(reasons).toHaveCount(badNames.length)
  // Each message first names the file, and then what is wrong with it.
  for (const name of badNames) await expect.soft(reasons.filter({ hasText: `"${name}" ` })).toHaveCount(1)
  await keepScreenshot(page, 'bad-1-told')
  await messages.getByRole('button', { name: 'Dismiss message' }).click()

  await page.getByRole('button', { name: 'Morph these two' }).click()
  await expectEncoded(page, 'Right')
  await expectFinalFrame(page)
  await expect(page.getByRole('progressbar')).toHaveCount(0)
})

test('a picture deleted before its turn to be encoded is reported, and the others are still encoded', async ({
  launch,
  folder,
}) => {
  const paths = ['gone.png', 'stays.png'].map((name) => join(folder, name))
  for (const path of paths) await copyFile(picturePath('upright.png'), path)
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel }, session: {} }),
  })
  await dropFiles(page, paths)
  await expect(page.getByRole('option')).toHaveCount(2)
  await rm(paths[0])
  await page.getByRole('button', { name: /^Encode all/ }).click()
  await expectEncoded(page, 'Stays')
  await expect(tile(page, 'Gone')).toHaveAccessibleName(/Failed: .*gone\.png/)
  await expect(
    page.getByRole('region', { name: 'Messages' }).getByText('Gone couldn’t be encoded'),
  ).toBeVisible()
  await keepScreenshot(page, 'bad-2-gone')
})

test('many failures do not cover the stage: those of one kind share a message, and others wait in the list', async ({
  launch,
  folder,
}) => {
  const paths = ['one.png', 'two.png', 'three.png'].map((name) => join(folder, name))
  for (const path of paths) await copyFile(picturePath('upright.png'), path)
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel }, session: {} }),
  })
  await dropFiles(page, paths)
  await expect(page.getByRole('option')).toHaveCount(3)
  await Promise.all(paths.map((path) => rm(path)))
  await page.getByRole('button', { name: /^Encode all/ }).click()
  const messages = page.getByRole('region', { name: 'Messages' }).getByRole('article')
  await expect(messages).toHaveCount(1)
  await expect(messages).toContainText('3 items couldn’t be encoded')
  await expect(page.getByText('None of them is encoded with these settings.')).toBeVisible()
  await keepScreenshot(page, 'bad-3-one-kind')

  for (const name of ['a.png', 'b.png', 'c.png']) {
    await writeFile(join(folder, name), 'just some words')
    await dropFiles(page, [join(folder, name)])
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText(`${name} wasn’t imported`)
  }
  await expect(messages).toHaveCount(2)
  await keepScreenshot(page, 'bad-4-two-shown')
  await page.emulateMedia({ colorScheme: 'light' })
  await keepScreenshot(page, 'bad-5-two-shown-light')
  await page.getByRole('button', { name: 'and 2 more' }).click()
  const list = page.getByRole('dialog', { name: 'Messages' })
  await expect(list.getByText('wasn’t imported')).toHaveCount(3)
  await expect(list.getByText('couldn’t be encoded')).toHaveCount(3)
  await expect(messages).toHaveCount(0)
})
