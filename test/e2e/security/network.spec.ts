import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import electronPath from 'electron'
import { electronArguments } from '../../../tools/electronRuntime.mjs'
import { mayWatch, watchSockets } from '../../fixtures/systemCalls'
import { expect, test } from '../harness'
import { prepareUserData, tinyModel, twoSamples } from '../journeys/userData'

test('a window session without a download opens only sockets on this machine', async ({ folder }) => {
  test.skip(!mayWatch('What the window sends is'), 'strace is not there, or may not watch processes')
  const [traces, cache] = [join(folder, 'traces'), join(folder, 'cache')]
  await mkdir(traces)
  const userData = await prepareUserData(folder, {
    preferences: { modelPath: tinyModel },
    session: twoSamples(5),
  })
  const electron = electronPath as unknown as string
  const watched = watchSockets([electron, ...electronArguments(), `--user-data-dir=${userData}`], traces, {
    ...process.env,
    XDG_CACHE_HOME: cache,
  })
  // The timeline's pictures are encoded automatically; the time that took is written when it is done.
  await expect
    .poll(() => existsSync(join(cache, 'slerp-studio/modelUses.json')), { timeout: 120_000 })
    .toBe(true)
  const { foreign, count } = await watched.end()
  expect(count, 'the watch sees sockets').toBeGreaterThan(0)
  expect(foreign).toEqual([])
})
