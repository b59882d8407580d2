import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { ask, collect, get } from './bridge'
import { answerSaveDialog } from './dialogs'
import { expect, test } from './harness'

const picture = join(import.meta.dirname, '../../resources/models/fruits-64/samples.png')

/** Writes two pieces, the later part of the file first, as a video muxer does. */
function writePieces(page: Page, id: string): Promise<unknown> {
  return page.evaluate(async (output) => {
    const { request } = window.studio
    await request('output.write', { id: output, position: 2, bytes: new Uint8Array([3, 4]) }, 'w1')
    await request('output.write', { id: output, position: 0, bytes: new Uint8Array([1, 2]) }, 'w2')
  }, id)
}

test('a file that the window writes appears complete at the path chosen in the dialog', async ({
  studio: { app, page },
  folder,
}) => {
  const path = join(folder, 'film.mp4')
  await answerSaveDialog(app, path)
  expect(await get(page, 'dialog.saveExport', { format: 'mp4', name: 'film.mp4' })).toBe(path)
  const { id } = await get(page, 'output.open', { path, overwrite: false })
  await writePieces(page, id)
  expect(await readdir(folder)).not.toContain('film.mp4')
  expect(await get(page, 'output.close', { id, keep: true })).toEqual({ bytes: 4 })
  expect([...(await readFile(path))]).toEqual([1, 2, 3, 4])
})

test('a reloaded page leaves no unfinished file behind', async ({ studio: { app, page }, folder }) => {
  const path = join(folder, 'film.mp4')
  await answerSaveDialog(app, path)
  await get(page, 'dialog.saveExport', { format: 'mp4', name: 'film.mp4' })
  const { id } = await get(page, 'output.open', { path, overwrite: false })
  await writePieces(page, id)
  await page.reload()
  await expect.poll(async () => (await readdir(folder)).filter((name) => name.includes('part'))).toEqual([])
})

test('an import returns the files that are not pictures separately from the pictures', async ({
  studio: { page },
  folder,
}) => {
  await writeFile(join(folder, 'broken.png'), 'no picture')
  await writeFile(join(folder, 'notes.txt'), 'no picture, and nobody thinks so')
  await writeFile(join(folder, 'good.png'), await readFile(picture))
  const report = await get(page, 'library.import', { paths: [folder, join(folder, 'gone.png')] })
  expect(report.pictures.map(({ name }) => name)).toEqual(['good.png'])
  expect(report.failures.map(({ path, error }) => [path, error.code])).toEqual([
    [join(folder, 'broken.png'), 'BAD_PICTURE'],
    [join(folder, 'gone.png'), 'NOT_FOUND'],
  ])
})

test('a pasted picture is stored, and pasted bytes that are not a picture are refused', async ({
  studio: { page, userData },
}) => {
  const bytes = [...(await readFile(picture))]
  const paste = (values: number[]) =>
    page.evaluate(
      (list) =>
        window.studio.request('library.paste', { name: 'Pasted', bytes: new Uint8Array(list) }, 'paste'),
      values,
    )
  const pasted = await paste(bytes)
  expect(pasted).toMatchObject({ ok: true, data: { name: 'Pasted', bytes: bytes.length } })
  expect(await paste([1, 2, 3])).toMatchObject({
    ok: false,
    error: { code: 'BAD_PICTURE', message: expect.stringMatching(/^The pasted picture is not a picture/) },
  })
  expect(await readdir(join(userData, 'pasted'))).toHaveLength(1)
})

test('pathOf gives the path of a chosen file, and nothing for a file in memory or another value', async ({
  studio: { page },
}) => {
  await page.evaluate(() => {
    const input = document.createElement('input')
    Object.assign(input, { type: 'file', id: 'chooser' })
    document.body.append(input)
  })
  await page.locator('#chooser').setInputFiles(picture)
  const paths = await page.evaluate(() => {
    const file = document.querySelector<HTMLInputElement>('#chooser')!.files![0]
    return [
      window.studio.pathOf(file),
      window.studio.pathOf(new File([], 'memory')),
      window.studio.pathOf('x'),
    ]
  })
  expect(paths).toEqual([picture, '', ''])
})

test('a second start hands its files to the running app', async ({ launch, folder }) => {
  const userData = join(folder, 'shared')
  const { page } = await launch({ userData })
  await get(page, 'app.state', {})
  const opened = await collect(page, 'openFiles')
  await launch({ userData, args: [picture] }).catch(() => undefined)
  await expect.poll(opened).toEqual([{ paths: [picture] }])
  expect((await ask(page, 'picture.info', { path: picture })).ok).toBe(true)
})
