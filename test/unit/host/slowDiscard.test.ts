import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { EngineState } from '#shared/app'
import { EngineClient } from '#host/client'
import { discardUnfinished } from '#host/discardUnfinished'
import { createMemoryEngine, type MemoryEngine } from '../../fixtures/memoryEngine'

vi.mock('#host/discardUnfinished', () => ({ discardUnfinished: vi.fn() }))

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Cancels a request whose engine then ends by itself, and whose files take 10 s to remove. */
function cancelSlowly() {
  vi.mocked(discardUnfinished).mockImplementation(() => new Promise((resolve) => setTimeout(resolve, 10_000)))
  const engines: MemoryEngine[] = []
  const client = new EngineClient(() => {
    engines.push(createMemoryEngine(100 + engines.length))
    return engines.at(-1)!.port
  })
  const states: EngineState[] = []
  client.onState((state) => states.push(state))
  const controller = new AbortController()
  const cancelled = client.request('picture.info', { path: 'apple.webp' }, { signal: controller.signal })
  return {
    client,
    engines,
    states,
    cancelled,
    end() {
      controller.abort()
      engines[0].die('SIGSEGV')
    },
  }
}

it('leaves the next engine alone while the files of a cancelled request are removed (would catch other work lost to a cancel of the last engine)', async () => {
  const { client, engines, cancelled, end } = cancelSlowly()
  const other = client.request('picture.info', { path: 'tomato.webp' })
  end()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  expect(engines.map((engine) => engine.killed())).toEqual([false, false])
  const [{ id }] = engines[1].received
  engines[1].answer({ type: 'response', id, result: { ok: true, data: 'done' } })
  expect(await other).toEqual({ ok: true, data: 'done' })
})

it('tells the crash of the next engine as it was (would catch one blamed on a cancel of the last engine)', async () => {
  const { client, engines, states, end } = cancelSlowly()
  end()
  await vi.advanceTimersByTimeAsync(10_000)
  void client.request('picture.info', { path: 'tomato.webp' })
  engines[1].die('SIGBUS')
  expect(states.at(-2)?.message).toContain('SIGBUS')
})
