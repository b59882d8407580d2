import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundledModelName } from '#files/installation'
import electronPath from 'electron'
import { electronArguments } from '../../tools/electronRuntime.mjs'
import { expect, test } from './harness'
import { tile } from './journeys/screen'
import { prepareUserData, tinyModel, twoSamples } from './journeys/userData'

/** Starts the app and kills it, as a crash does, before its start has finished. */
async function crashAtStart(userData: string, count: number): Promise<void> {
  const args = [...electronArguments(), `--user-data-dir=${userData}`]
  const app = spawn(electronPath as unknown as string, args, { stdio: 'ignore' })
  const written = () => readFile(join(userData, 'starting'), 'utf8').catch(() => '')
  await expect.poll(written, { timeout: 30_000, intervals: [5] }).toBe(String(count))
  app.kill('SIGKILL')
  await once(app, 'exit')
}

test('after two crashed starts, the third offers defaults and keeps the old preferences and work', async ({
  launch,
  folder,
}) => {
  test.setTimeout(120_000)
  const preferences = { modelPath: tinyModel, theme: 'light' as const }
  const userData = await prepareUserData(folder, { preferences, session: twoSamples(5) })
  for (const count of [1, 2]) await crashAtStart(userData, count)
  const modules = [join(import.meta.dirname, 'answerMessageBox.cjs')]
  const { app, page } = await launch({ userData, modules })
  expect(await app.evaluate(() => (globalThis as { askedAtStart?: string }).askedAtStart)).toBe(
    'Slerp Studio did not finish its last 2 starts.',
  )
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Started with defaults.')
  await expect(page.getByRole('complementary', { name: 'Inspector' })).toContainText(bundledModelName)
  await expect(tile(page, 'Apple golden')).toBeVisible()
  const kept = JSON.parse(
    await readFile(join(userData, 'preferences.json.before-defaults'), 'utf8'),
  ) as object
  expect(kept).toMatchObject(preferences)
  expect(await readFile(join(userData, 'session.json.before-defaults'), 'utf8')).toContain('tomato-heart')
})
