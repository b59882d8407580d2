import { cp, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { goldenRoot } from '../../fixtures/modelCopy'
import { expect, test } from '../harness'
import { dropAddress } from './dropFiles'
import { expectEncoded, keepScreenshot, setNumber, tile } from './screen'
import { prepareUserData } from './userData'

test('a wrong model configuration is detected before any work and corrected as the model’s output suggests', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const wrong = join(folder, 'wrong')
  await cp(resolve('resources/models/fruits-64'), wrong, { recursive: true })
  const config = join(wrong, 'scheduler/scheduler_config.json')
  const json = JSON.parse(await readFile(config, 'utf8')) as object
  await writeFile(config, JSON.stringify({ ...json, prediction_type: 'epsilon' }))
  const preferences = { modelPath: wrong }
  const { page } = await launch({ userData: await prepareUserData(folder, { preferences }) })
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  const messages = page.getByRole('region', { name: 'Messages' })
  await expect(messages).toContainText('wrong may be configured wrongly', { timeout: 120_000 })
  await expect(inspector.getByLabel('Warnings about the model')).toContainText('looks like the velocity')
  await inspector.getByLabel('Warnings about the model').scrollIntoViewIfNeeded()
  await keepScreenshot(page, 'checked-1-wrong')
  await messages.getByRole('button', { name: 'Use what the test found' }).click()
  await expect(inspector.getByLabel('What the network predicts')).toContainText('velocity')
  await expect(inspector).toContainText('A test of the network’s output agrees.', { timeout: 120_000 })
  await keepScreenshot(page, 'checked-2-right')
})

test('a picture of a class-conditional model has a class, and changing the class requires a new encoding', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const preferences = { modelPath: join(goldenRoot, 'class-conditional'), theme: 'light' as const }
  const { page } = await launch({ userData: await prepareUserData(folder, { preferences }) })
  await tile(page, 'Apple golden').click()
  await setNumber(page, 'Class', 2)
  await page.getByRole('button', { name: 'Encode', exact: true }).click()
  await expectEncoded(page, 'Apple golden')
  await keepScreenshot(page, 'checked-3-class')
  // Another class means another latent.
  await setNumber(page, 'Class', 1)
  await expect(tile(page, 'Apple golden')).not.toHaveAccessibleName(/Encoded, reconstructed at/)
})

test('dropping a picture’s address from a web page explains what to do instead', async ({ launch }) => {
  const { page } = await launch()
  await dropAddress(page, 'https://example.org/apple.jpg')
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'save the picture to a file and open that, or copy the picture and paste it here',
  )
})
