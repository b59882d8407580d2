import { join } from 'node:path'
import { malformedPictures } from '../../fixtures/malformedPictures'
import { expect, test } from '../harness'
import { dropFiles } from './dropFiles'
import { keepScreenshot } from './screen'

test('damage that only decoding finds is shown on the tile and reported when the picture is encoded', async ({
  studio: { page },
  folder,
}) => {
  const path = join(folder, 'half-the-rows.png')
  malformedPictures()
    .find(({ name }) => name === 'half-the-rows.png')!
    .write(path)
  await expect(page.getByRole('button', { name: 'Morph these two' })).toBeVisible()
  await dropFiles(page, [path])
  const dropped = page.getByRole('option', { selected: true })
  await expect(dropped).toHaveAccessibleName(/Failed: .*half-the-rows\.png.* pixel data is missing/)
  await expect(page.getByRole('button', { name: /^Encode all/ })).toHaveText(/11$/)
  await keepScreenshot(page, 'damaged-picture-taken-in')
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await expect(inspector).toContainText('half-the-rows.png')
  await inspector.getByRole('button', { name: 'Try again' }).click()
  const messages = page.getByRole('region', { name: 'Messages' })
  await expect(messages.getByRole('article')).toContainText(['BAD_PICTURE'])
  await expect(dropped).toHaveAccessibleName(/pixel data is missing/i)
  await keepScreenshot(page, 'damaged-picture')
})
