import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { bundledModelName } from '#files/installation'
import { StandInHub, type HubRepository } from '../../fixtures/standInHub'
import { expect, test } from '../harness'
import { expectEncoded, expectFinalFrame, keepScreenshot, tile } from './screen'
import { tinyModel } from './userData'

const id = 'google/ddpm-cifar10-32'
const weights = 'unet/diffusion_pytorch_model.safetensors'
const commit = 'f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3'

/** A model of 16 x 16 pixels under the name of a published one. */
async function repository(): Promise<HubRepository> {
  const names = ['model_index.json', 'scheduler/scheduler_config.json', 'unet/config.json', weights]
  const files = await Promise.all(
    names.map(async (name) => [name, await readFile(join(tinyModel, name))] as const),
  )
  const card = Buffer.from('---\nlicense: apache-2.0\n---\n# A stand-in')
  return { commit, files: { 'README.md': card, ...Object.fromEntries(files) } }
}

async function openModels(page: Page) {
  await page
    .getByRole('complementary', { name: 'Inspector' })
    .getByRole('button', { name: 'Models…' })
    .click()
  return page.getByRole('dialog', { name: 'Models' })
}

test('a published model is downloaded, interrupted, resumed, used, used offline, and replaced when it is deleted', async ({
  launch,
  folder,
}) => {
  test.setTimeout(300_000)
  const hub = await StandInHub.start({ [id]: await repository() })
  const cache = join(folder, 'hub')
  const env = {
    HF_ENDPOINT: hub.endpoint,
    HF_HUB_CACHE: cache,
    HF_TOKEN: '',
    HF_HUB_OFFLINE: '',
    NO_PROXY: '127.0.0.1',
  }
  const userData = join(folder, 'user-data')
  const first = await launch({ userData, env })
  const { page } = first
  const inspector = page.getByRole('complementary', { name: 'Inspector' })

  const models = await openModels(page)
  await expect(models.getByRole('listitem', { name: bundledModelName })).toContainText('In use')
  expect(hub.requests, 'nothing is asked of a hub before somebody asks for a download').toEqual([])

  // Slow enough to be seen, and to be cancelled midway.
  hub.fault = (path) => (path === weights ? { slow: 40 } : {})
  await models.getByRole('button', { name: `Download ${id}` }).click()
  const download = models.getByRole('listitem', { name: `Download of ${id}` })
  await expect(download).toContainText(/kB of 1\.8 MB|MB of 1\.8 MB/)
  await keepScreenshot(page, 'models-1-downloading')
  await download.getByRole('button', { name: 'Cancel' }).click()
  const row = models.getByRole('listitem', { name: id, exact: true })
  await expect(row).toContainText('Its download is not finished.')

  hub.fault = () => ({})
  await row.getByRole('button', { name: `Resume ${id}` }).click()
  await expect(row).toContainText('16 × 16 · 1.8 MB · apache-2.0')
  const [begun, resumed] = hub.served.filter(({ path }) => path === weights)
  expect(resumed.from, 'what had arrived was kept').toBeGreaterThan(0)
  expect(resumed.from).toBeLessThanOrEqual(begun.sent)

  await row.getByRole('button', { name: `Use ${id}` }).click()
  await expect(row).toContainText(
    'Pictures and timeline stay as they are. Quality stays Standard, which takes 50 + 50 model evaluations',
  )
  await keepScreenshot(page, 'models-2-cost')
  await row.getByRole('button', { name: 'Switch' }).click()
  await expect(row).toContainText('In use')
  await page.keyboard.press('Escape')
  await expect(inspector).toContainText('16 × 16')
  for (const name of ['Apple golden', 'Tomato heart']) await tile(page, name).dblclick()
  await expectEncoded(page, 'Apple golden')
  await expectEncoded(page, 'Tomato heart')
  await expectFinalFrame(page)
  await openModels(page)
  await expect(row).toContainText(/\d (ms|s) a frame · [\d.]+ dB so far/)
  await keepScreenshot(page, 'models-3-used')
  await first.close()

  // Without a network, which is not needed any more.
  await hub.close()
  const asked = hub.requests.length
  const second = await launch({ userData, env })
  const kept = second.page.getByRole('complementary', { name: 'Inspector' })
  await expect(kept).toContainText('ddpm-cifar10-32')
  await tile(second.page, 'Apple red yellow').click()
  await second.page.getByRole('button', { name: 'Encode', exact: true }).click()
  await expectEncoded(second.page, 'Apple red yellow')
  expect(hub.requests).toHaveLength(asked)

  // Deleted while the app runs: whatever needs it says so, and the next start uses the default model.
  await rm(cache, { recursive: true })
  await tile(second.page, 'Tomato cherry red').click()
  await second.page.getByRole('button', { name: 'Encode', exact: true }).click()
  await expect(tile(second.page, 'Tomato cherry red')).toHaveAccessibleName(/failed|couldn’t|not there/i)
  await keepScreenshot(second.page, 'models-4-deleted')
  await second.close()
  const third = await launch({ userData, env })
  await expect(third.page.getByRole('complementary', { name: 'Inspector' })).toContainText(bundledModelName)
  await expect(third.page.getByRole('region', { name: 'Messages' })).toContainText(
    'Your model could not be opened',
  )
})

test('a model that does not open says why, and downloads can be switched off', async ({ launch, folder }) => {
  const cache = join(folder, 'hub')
  await cp(tinyModel, join(cache, 'models--someone--broken/snapshots/abc'), { recursive: true })
  await rm(join(cache, 'models--someone--broken/snapshots/abc', weights))
  const { page } = await launch({ env: { HF_HUB_CACHE: cache, HF_HUB_OFFLINE: '' } })
  const models = await openModels(page)
  await expect(models.getByRole('listitem', { name: 'someone/broken' })).toContainText('holds no weights')
  await models.getByRole('switch', { name: /Allow downloads/ }).click()
  await expect(models.getByRole('button', { name: `Download ${id}` })).toBeDisabled()
  for (const [theme, width, height] of [
    ['Light', 960, 600],
    ['Dark', 1440, 900],
  ] as const) {
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('radio', { name: theme }).click()
    await page.keyboard.press('Escape')
    await page.setViewportSize({ width, height })
    await openModels(page)
    await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)))
    await keepScreenshot(page, `models-5-${theme.toLowerCase()}-${width}`)
  }
})
