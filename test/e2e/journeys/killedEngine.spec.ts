import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeSettings } from '#shared/settings'
import { killEngine } from '../engine'
import { expect, test } from '../harness'
import { expectSaved, keepScreenshot, startExport } from './screen'
import { prepareUserData, tinyModel, twoSamples } from './userData'

/** SHA-256 of every frame of a PNG sequence, by name. */
async function frameHashes(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort()
  const hash = async (name: string) =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex')
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await hash(name)])))
}

test('killing the engine during an export does not change the frames', async ({ launch, folder }) => {
  test.setTimeout(300_000)
  const frames = 150
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(frames, { decode: decodeSettings.parse({ steps: 40 }) }),
  })
  const studio = await launch({ userData })
  const [killed, undisturbed] = ['killed', 'undisturbed'].map((name) => join(folder, name))
  const row = await startExport(studio, { format: 'PNG sequence', path: killed })
  await expect(row.getByRole('status')).toHaveText(/Rendering frames · [1-9]\d?%/, { timeout: 60_000 })
  await killEngine(studio.app)
  const messages = studio.page.getByRole('region', { name: 'Messages' }).getByRole('article')
  await expect(messages).toHaveCount(1)
  await expect(messages).toContainText('engine')
  await keepScreenshot(studio.page, 'killed-1-message')
  await expectSaved(row)

  await expectSaved(await startExport(studio, { format: 'PNG sequence', path: undisturbed }))
  const hashes = await frameHashes(killed)
  expect(Object.keys(hashes)).toHaveLength(frames + 1)
  expect(hashes).toEqual(await frameHashes(undisturbed))
})
