import { createHash } from 'node:crypto'
import { copyFile, mkdir, readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Page } from '@playwright/test'
import { collect, get } from '../bridge'
import { answerMessageBox, answerOpenDialog, answerSaveDialog, chooseMenu } from '../dialogs'
import { expect, test, type Studio } from '../harness'
import { expectFinalFrame, expectSaved, keepScreenshot, startExport, tile } from './screen'
import { prepareUserData, samples, tinyModel } from './userData'
import { decodeSettings, encodeSettings } from '#shared/settings'

const settings = { solver: 'ddim', timestepSpacing: 'linear', steps: 4 } as const
const sha256 = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
const stops = (page: Page) => page.locator('[data-stop]')

/** Exports the film as a GIF and returns the SHA-256 of the file. */
async function exportHash(studio: Studio, path: string): Promise<string> {
  const row = await startExport(studio, { format: 'GIF', path })
  await expectSaved(row)
  await studio.page.keyboard.press('Escape')
  return sha256(path)
}

/** Opens an export in the way pictures are opened; leaves the resulting question unanswered. */
async function openExported({ app, page }: Studio, path: string): Promise<void> {
  await answerOpenDialog(app, [path])
  await page.getByRole('button', { name: 'Open pictures and latents' }).first().click()
  await expect(page.getByRole('alertdialog')).toBeVisible()
  await keepScreenshot(page, 'project-3-export')
}

test('a film of two pictures, a seed, a latent file and a mix is identical after a move to another computer', async ({
  launch,
  folder,
}) => {
  test.setTimeout(280_000)
  const here = join(folder, 'here')
  await mkdir(join(here, 'photos'), { recursive: true })
  const photos = ['apple-golden', 'tomato-heart'].map((name) => join(here, 'photos', `${name}.webp`))
  for (const path of photos) await copyFile(join(samples, basename(path)), path)
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: {
      pictures: photos.map((path, at) => ({
        path,
        name: `Photo ${at + 1}`,
        fit: { mode: 'cover' },
        restandardise: false,
      })),
      stops: [0, 1],
      segments: [{ frames: 3, easing: 'linear', interpolation: 'slerp' }],
      encode: encodeSettings.parse(settings),
      decode: decodeSettings.parse(settings),
    },
  })
  const first = await launch({ userData, env: { XDG_CACHE_HOME: join(folder, 'cache here') } })
  const { app, page } = first

  await chooseMenu(app, 'addSeeds')
  await page.getByRole('button', { name: 'Add seed', exact: true }).click()
  await tile(page, 'Seed 1').dblclick()
  const latent = join(here, 'own.npy')
  await answerSaveDialog(app, latent)
  await get(page, 'dialog.saveLatent', { name: 'own' })
  const model = { path: tinyModel }
  await get(page, 'latent.save', { model, latent: { kind: 'seed', seed: 5 }, decode: settings, path: latent })
  await answerOpenDialog(app, [latent])
  await page.getByRole('button', { name: 'Open pictures and latents' }).first().click()
  await tile(page, 'Own').dblclick()
  await tile(page, 'Photo 1').click()
  await tile(page, 'Seed 1').click({ modifiers: ['ControlOrMeta'] })
  await page.getByRole('button', { name: 'Mix these' }).click()
  await page.getByRole('option', { name: 'Photo 1 + Seed 1,' }).dblclick()
  for (const name of ['Photo 1', 'Seed 1']) {
    const part = page.locator('label', { hasText: name })
    await expect(part.getByRole('spinbutton', { name })).toHaveValue('1')
  }
  await expect(stops(page)).toHaveCount(5)
  await expectFinalFrame(page)
  const exported = await exportHash(first, join(folder, 'first.gif'))

  await chooseMenu(app, 'keepPictures')
  await answerSaveDialog(app, join(here, 'film.slerp'))
  await chooseMenu(app, 'saveProject')
  await expect(page.getByRole('heading', { name: 'film', exact: true })).toBeVisible()
  await keepScreenshot(page, 'project-1-saved')
  await first.close()

  const there = join(folder, 'there')
  const attic = join(folder, 'attic')
  await rename(here, there)
  await mkdir(attic)
  await rename(join(there, 'photos', 'tomato-heart.webp'), join(attic, 'tomato-heart.webp'))

  const second = await launch({
    args: [join(there, 'film.slerp')],
    userData: await prepareUserData(attic, { preferences: { modelPath: tinyModel, theme: 'light' } }),
    env: { XDG_CACHE_HOME: join(folder, 'cache there') },
  })
  const progress = await collect(second.page, 'progress')
  await expect(stops(second.page)).toHaveCount(5, { timeout: 60_000 })
  await expectFinalFrame(second.page)
  await keepScreenshot(second.page, 'project-2-missing-light')
  await tile(second.page, 'Photo 2').click()
  await answerOpenDialog(second.app, [join(attic, 'tomato-heart.webp')])
  await second.page.getByRole('button', { name: 'Locate the file' }).click()
  await expect(second.page.getByText('Photo 2 found', { exact: true })).toBeVisible()
  await expectFinalFrame(second.page)
  const computed = (await progress()).filter(
    ({ progress: { phase, done } }) => done > 0 && (phase === 'encode' || phase === 'decode'),
  )
  expect(computed).toEqual([])
  expect(await exportHash(second, join(folder, 'second.gif'))).toBe(exported)

  await openExported(second, join(folder, 'second.gif'))
  await answerMessageBox(second.app, 'Don’t save')
  await second.page.getByRole('button', { name: 'Open the project it came from' }).click()
  await expect(second.page.getByRole('heading', { name: /^Second/ })).toBeVisible()
  await expect(stops(second.page)).toHaveCount(5)
  expect(await exportHash(second, join(folder, 'third.gif'))).toBe(exported)
})
