import { expect, it } from 'vitest'
import type { EnginePort, FromEngine, ToEngine } from '#shared/engineMessages'
import type { Progress } from '#shared/progress'
import { pullModel } from '#host/models/pullModel'

/** A download process that the test controls. */
function fakePort() {
  const sent: ToEngine[] = []
  let tell: (message: FromEngine) => void = () => undefined
  let end: (reason: string) => void = () => undefined
  let kills = 0
  const port: EnginePort = {
    pid: 1,
    send: (message) => sent.push(message),
    onMessage: (listener) => (tell = listener),
    onExit: (listener) => (end = listener),
    kill: () => kills++,
  }
  return {
    start: () => port,
    sent,
    tell: (message: FromEngine) => tell(message),
    end: (reason: string) => end(reason),
    kills: () => kills,
  }
}

const request = { model: 'a/b' }
const progress: Progress = { phase: 'download', done: 1, total: 2, etaSeconds: null }

it('passes progress and the answer on, then ends the process', async () => {
  const fake = fakePort()
  const told: Progress[] = []
  const answer = pullModel(fake.start, request, { onProgress: (one) => told.push(one) })
  fake.tell({ type: 'progress', id: 'pull', progress })
  fake.tell({ type: 'response', id: 'pull', result: { ok: true, data: { path: '/x' } } })
  expect(await answer).toEqual({ ok: true, data: { path: '/x' } })
  expect(told).toEqual([progress])
  expect(fake.sent).toMatchObject([{ type: 'request', route: 'model.pull', input: request }])
  expect(fake.kills()).toBe(1)
})

it('ends the process at once when cancelled', async () => {
  const fake = fakePort()
  const controller = new AbortController()
  const answer = pullModel(fake.start, request, { signal: controller.signal })
  controller.abort()
  expect(await answer).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  expect(fake.kills()).toBe(1)
  expect(await pullModel(fake.start, request, { signal: controller.signal })).toMatchObject({ ok: false })
  expect(fake.sent).toHaveLength(1)
})

it('reports when the download process has ended (would catch a download that fails silently)', async () => {
  const fake = fakePort()
  const answer = pullModel(fake.start, request)
  fake.end('SIGKILL')
  expect(await answer).toMatchObject({
    ok: false,
    error: { code: 'DOWNLOAD_FAILED', message: expect.stringMatching(/SIGKILL.*kept/) as string },
  })
})
