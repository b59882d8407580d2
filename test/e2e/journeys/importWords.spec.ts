import { copyFile, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { picturePath } from '../../fixtures/picturePath'
import { expect, test } from '../harness'
import { dropFiles } from './dropFiles'
import { keepScreenshot } from './screen'
import { prepareUserData, tinyModel } from './userData'

const wholeModel = resolve('test/golden/fixtures/unet/one-layer')

test('dropped files are recognised as an animation, loose weights or the weights of a model', async ({
  launch,
  folder,
}) => {
  const { page } = await launch({
    userData: await prepareUserData(folder, { preferences: { modelPath: tinyModel }, session: {} }),
  })
  const messages = page.getByRole('region', { name: 'Messages' })
  await dropFiles(page, [picturePath('animated.gif'), picturePath('upright.png')])
  await expect(page.getByRole('option')).toHaveCount(2)
  await expect(messages).toContainText('“animated.gif” is animated: its first frame is used.')
  await page.getByRole('option', { name: /^Animated/ }).click()
  await expect(page.getByText('40 × 24 · GIF, first frame')).toBeVisible()
  await keepScreenshot(page, 'words-1-animated')

  const weights = 'unet/diffusion_pytorch_model.safetensors'
  await mkdir(join(folder, 'loose'))
  await copyFile(join(wholeModel, weights), join(folder, 'loose/weights.safetensors'))
  await dropFiles(page, [join(folder, 'loose/weights.safetensors')])
  await expect(messages).toContainText('“weights.safetensors” holds the weights of a network, not a latent')
  await keepScreenshot(page, 'words-2-loose-weights')
  await page.emulateMedia({ colorScheme: 'light' })
  await keepScreenshot(page, 'words-3-loose-weights-light')
  await messages.getByRole('button', { name: 'Models' }).click()
  const models = page.getByRole('dialog', { name: 'Models' })
  await expect(models).toBeVisible()
  await page.keyboard.press('Escape')

  await dropFiles(page, [join(wholeModel, weights)])
  await expect(messages).toContainText('“one-layer” is a model')
  await expect(page.getByRole('option')).toHaveCount(2)
})
