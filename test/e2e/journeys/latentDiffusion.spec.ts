import { fileURLToPath } from 'node:url'
import { expect, test } from '../harness'
import { expectEncoded, keepScreenshot, tile } from './screen'
import { prepareUserData } from './userData'

/** Tiny, with random weights: what comes back is no apple, but it comes the whole way. */
const modelPath = fileURLToPath(new URL('../../golden/fixtures/latent/kl-statistics', import.meta.url))

test('a model of latent diffusion: pictures are encoded, and both parts of the error are told', async ({
  launch,
  folder,
}) => {
  test.setTimeout(240_000)
  const { page } = await launch({ userData: await prepareUserData(folder, { preferences: { modelPath } }) })
  await tile(page, 'Apple golden').click()
  await page.getByRole('button', { name: 'Encode', exact: true }).click()
  await expectEncoded(page, 'Apple golden')
  await page.getByRole('radio', { name: 'Fidelity' }).click()
  const panel = page.getByRole('region', { name: 'Fidelity' })
  await expect(panel).toContainText(/Autoencoder alone .* dB, inversion/)
  await expect(panel).toContainText('of each channel')
  await keepScreenshot(page, 'latent-diffusion-fidelity')
})
