import { expect, test, type Studio } from '../harness'
import { forbidden } from './forbidden'
import { startListener } from './listener'
import { installProbe, runAttempt } from './probe'

/** The state of the app that must not change, whatever its page tries. */
async function stateOf({ app, page }: Studio) {
  const windows = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getURL()),
  )
  return { url: page.url(), windows }
}

const undisturbed = { url: 'app://studio/index.html', windows: ['app://studio/index.html'] }

test('a page of the app cannot do anything forbidden', async ({ launch }) => {
  // Without a camera, the page would fail for the wrong reason.
  const studio = await launch({ args: ['--use-fake-device-for-media-stream'] })
  expect(forbidden.length).toBeGreaterThanOrEqual(30)
  const listener = await startListener()
  await installProbe(studio.page, `127.0.0.1:${listener.port}`)
  for (const { name, attempt, expected } of forbidden) {
    await test.step(name, async () => {
      expect.soft(await runAttempt(studio.page, attempt), name).toBe(expected)
      expect.soft(await stateOf(studio), name).toEqual(undisturbed)
      expect.soft(listener.hits, `${name}: packets that left the app`).toBe(0)
    })
  }
  // Each refusal is also reported on the console; those errors are expected here.
  studio.errors.length = 0
  listener.close()
})

test('the listener detects a connection', async () => {
  const listener = await startListener()
  await fetch(`http://127.0.0.1:${listener.port}/`)
  expect(listener.hits).toBe(1)
  listener.close()
})

test('even the main process cannot reach the network through Chromium', async ({ studio }) => {
  const listener = await startListener()
  const outcome = await studio.app.evaluate(
    ({ net }, port) =>
      net.fetch(`http://127.0.0.1:${port}/`).then(
        () => 'answered',
        () => 'refused',
      ),
    listener.port,
  )
  expect(outcome).toBe('refused')
  expect(listener.hits).toBe(0)
  listener.close()
})
