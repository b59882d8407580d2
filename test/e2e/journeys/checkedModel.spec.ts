import { cp, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { goldenRoot } from '../../fixtures/modelCopy'
import { expect, test } from '../harness'
import { dropAddress } from './dropFiles'
import { expectEncoded, keepScreenshot, setNumber, tile } from './screen'
import { prepareUserData } from './userData'

test('a model whose configuration is wrong is found out before any work, and read as its answers say', async ({
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
  await expect(inspector.getByLabel('Warnings about the model')).toContainText('look like the velocity')
  await inspector.getByLabel('Warnings about the model').scrollIntoViewIfNeeded()
  await keepScreenshot(page, 'checked-1-wrong')
  await messages.getByRole('button', { name: 'Use what the test found' }).click()
  await expect(inspector.getByLabel('What the network predicts')).toContainText('velocity')
  await expect(inspector).toContainText('A test of its output agrees.', { timeout: 120_000 })
  await keepScreenshot(page, 'checked-2-right')
})

test('a class-conditional model: each picture has its class', async ({ launch, folder }) => {
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

test('a picture that comes from a web page as an address is told what to do', async ({ launch }) => {
  const { page } = await launch()
  await dropAddress(page, 'https://example.org/apple.jpg')
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText(
    'save the picture to a file and open that, or copy the picture and paste it here',
  )
})
