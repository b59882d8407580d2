import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineState } from '#shared/app'
import type { Progress } from '#shared/progress'
import { EngineClient } from '#host/client'
import { createMemoryEngine, type MemoryEngine } from '../../fixtures/memoryEngine'

/** A client whose engines the test controls through `engines`, the newest last. */
function setUp(options = {}) {
  const engines: MemoryEngine[] = []
  const client = new EngineClient(() => {
    engines.push(createMemoryEngine(100 + engines.length))
    return engines.at(-1)!.port
  }, options)
  const states: EngineState[] = []
  client.onState((state) => states.push(state))
  return { client, engines, states }
}

const info = { path: 'apple.webp' }

function idOf(engine: MemoryEngine, index = 0): string {
  return engine.received[index].id
}

describe('EngineClient', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('matches answers to requests by id, in whatever order they arrive', async () => {
    const { client, engines } = setUp()
    const first = client.request('picture.info', info)
    const second = client.request('picture.info', info)
    const [engine] = engines
    engine.answer({ type: 'response', id: idOf(engine, 1), result: { ok: true, data: 'second' } })
    engine.answer({ type: 'response', id: idOf(engine, 0), result: { ok: true, data: 'first' } })
    expect(await first).toEqual({ ok: true, data: 'first' })
    expect(await second).toEqual({ ok: true, data: 'second' })
    expect(engines).toHaveLength(1)
  })

  it('resends a request to a new process when the engine crashes', async () => {
    const { client, engines, states } = setUp()
    const request = client.request('picture.info', info)
    engines[0].die('SIGSEGV')
    expect(engines).toHaveLength(2)
    expect(engines[1].received).toEqual(engines[0].received)
    expect(states.map(({ state }) => state)).toEqual(['ready', 'restarting', 'ready'])
    expect(states[1].message).toContain('SIGSEGV')
    engines[1].answer({ type: 'response', id: idOf(engines[1]), result: { ok: true, data: 'done' } })
    expect(await request).toEqual({ ok: true, data: 'done' })
  })

  it('gives up with ENGINE_CRASHED on a request that kills every engine, and still serves the next one', async () => {
    const { client, engines } = setUp({ retries: 1 })
    const poison = client.request('picture.info', info)
    engines[0].die('SIGSEGV')
    engines[1].die('SIGSEGV')
    expect(await poison).toMatchObject({ ok: false, error: { code: 'ENGINE_CRASHED' } })
    const next = client.request('picture.info', info)
    engines[2].answer({ type: 'response', id: idOf(engines[2]), result: { ok: true, data: 'fine' } })
    expect(await next).toEqual({ ok: true, data: 'fine' })
  })

  it('kills an engine that is silent for too long, and answers ENGINE_STALLED', async () => {
    const { client, engines } = setUp({ stallSeconds: 5, retries: 0 })
    const request = client.request('picture.info', info)
    vi.advanceTimersByTime(4900)
    engines[0].answer({ type: 'alive', heldBytes: null })
    vi.advanceTimersByTime(4900)
    expect(engines[0].killed()).toBe(false)
    vi.advanceTimersByTime(200)
    expect(engines[0].killed()).toBe(true)
    expect(await request).toMatchObject({ ok: false, error: { code: 'ENGINE_STALLED' } })
  })

  it('does not retry a request that hung while it was the only one (would catch minutes spent on a model that never finishes)', async () => {
    const { client, engines } = setUp({ stallSeconds: 5 })
    const request = client.request('picture.info', info)
    vi.advanceTimersByTime(5000)
    expect(await request).toMatchObject({ ok: false, error: { code: 'ENGINE_STALLED' } })
    expect(engines).toHaveLength(1)
  })

  it('finds which of several requests hangs, and answers the others', async () => {
    const { client, engines } = setUp({ stallSeconds: 5 })
    const hanging = client.request('picture.info', info)
    const innocent = client.request('picture.info', { path: 'tomato.webp' })
    vi.advanceTimersByTime(5000)
    expect(engines).toHaveLength(2)
    engines[1].answer({ type: 'response', id: idOf(engines[1], 1), result: { ok: true, data: 'done' } })
    expect(await innocent).toEqual({ ok: true, data: 'done' })
    vi.advanceTimersByTime(5000)
    expect(await hanging).toMatchObject({ ok: false, error: { code: 'ENGINE_STALLED' } })
    expect(engines).toHaveLength(2)
  })

  it('does not give up a request that it never tried again (would catch a save that fails because of an encoding)', async () => {
    const { client, engines } = setUp({ stallSeconds: 5 })
    const hanging = client.request('picture.info', info)
    const innocent = client.request('picture.info', { path: 'tomato.webp' })
    vi.advanceTimersByTime(5000)
    engines[1].answer({ type: 'response', id: idOf(engines[1], 1), result: { ok: true, data: 'done' } })
    expect(await innocent).toEqual({ ok: true, data: 'done' })
    const third = client.request('picture.info', { path: 'pear.webp' })
    vi.advanceTimersByTime(5000)
    expect(await hanging).toMatchObject({ ok: false, error: { code: 'ENGINE_STALLED' } })
    expect(engines).toHaveLength(3)
    expect(engines[2].received).toEqual([engines[1].received[2]])
    engines[2].answer({ type: 'response', id: idOf(engines[2]), result: { ok: true, data: 'saved' } })
    expect(await third).toEqual({ ok: true, data: 'saved' })
  })

  it('tries a request again whose engine may have hung because of one that was cancelled in the same moment', async () => {
    const { client, engines } = setUp({ stallSeconds: 5 })
    const controller = new AbortController()
    const cancelled = client.request('picture.info', info, { signal: controller.signal })
    const other = client.request('picture.info', { path: 'tomato.webp' })
    vi.advanceTimersByTime(4000)
    controller.abort()
    vi.advanceTimersByTime(1000)
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    engines[1].answer({ type: 'response', id: idOf(engines[1]), result: { ok: true, data: 'done' } })
    expect(await other).toEqual({ ok: true, data: 'done' })
  })

  it('waits for an evaluation as long as the engine says it may take, and no longer', async () => {
    const { client, engines } = setUp({ stallSeconds: 5 })
    const request = client.request('picture.info', info)
    engines[0].answer({ type: 'evaluating', id: idOf(engines[0]), seconds: 60 })
    vi.advanceTimersByTime(59_000)
    expect(engines[0].killed()).toBe(false)
    vi.advanceTimersByTime(2000)
    expect(await request).toMatchObject({ error: { message: expect.stringContaining('60 s') } })
  })

  it('answers a cancelled request within three seconds, even if the engine does not, and continues with the others', async () => {
    const { client, engines } = setUp()
    const controller = new AbortController()
    const cancelled = client.request('picture.info', info, { signal: controller.signal })
    const other = client.request('picture.info', { path: 'tomato.webp' })
    controller.abort()
    vi.advanceTimersByTime(2400)
    expect(engines[0].killed()).toBe(false)
    vi.advanceTimersByTime(100)
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    engines[1].answer({ type: 'response', id: idOf(engines[1]), result: { ok: true, data: 'done' } })
    expect(await other).toEqual({ ok: true, data: 'done' })
  })

  describe('a cancel that the engine cannot hear during an evaluation', () => {
    /** Cancels the first of two requests during an evaluation of 8 s for the one at `evaluated`. */
    function cancelDuring(evaluated: number) {
      const all = setUp()
      const controller = new AbortController()
      const cancelled = all.client.request('picture.info', info, { signal: controller.signal })
      const other = all.client.request('picture.info', { path: 'tomato.webp' })
      const [engine] = all.engines
      // The engine gives an evaluation up after 20 times as long as the last one took.
      engine.answer({ type: 'evaluating', id: idOf(engine, evaluated), seconds: 160 })
      controller.abort()
      return { ...all, engine, cancelled, other }
    }
    const error = { code: 'CANCELLED' as const, message: 'Cancelled.' }

    it('leaves the engine to another request that it evaluates for (would catch work lost to a cancelled slider)', async () => {
      const { engines, engine, cancelled, other } = cancelDuring(1)
      vi.advanceTimersByTime(8000)
      engine.answer({ type: 'response', id: idOf(engine), result: { ok: false, error } })
      expect(await cancelled).toEqual({ ok: false, error })
      vi.advanceTimersByTime(60_000)
      engine.answer({ type: 'response', id: idOf(engine, 1), result: { ok: true, data: 'done' } })
      expect(await other).toEqual({ ok: true, data: 'done' })
      expect(engines).toHaveLength(1)
    })

    it('ends the engine if the evaluation is that of the cancelled request', async () => {
      const { engine, cancelled } = cancelDuring(0)
      vi.advanceTimersByTime(2500)
      expect(engine.killed()).toBe(true)
      expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    })

    it('ends the engine if it is silent after the evaluation', () => {
      const { engine } = cancelDuring(1)
      vi.advanceTimersByTime(8000)
      engine.answer({ type: 'evaluated', id: idOf(engine, 1) })
      vi.advanceTimersByTime(2500)
      expect(engine.killed()).toBe(true)
    })

    it.each([
      ['the progress of the request before it', { type: 'progress' as const, progress: {} as Progress }],
      ['the end of the evaluation before it', { type: 'evaluated' as const }],
      [
        'the answer of the request before it',
        { type: 'response' as const, result: { ok: false as const, error } },
      ],
    ])('leaves the engine to an evaluation that was announced before %s', async (_, message) => {
      const { engine } = cancelDuring(1)
      engine.answer({ id: idOf(engine), ...message })
      engine.answer({ type: 'alive', heldBytes: null })
      vi.advanceTimersByTime(159_000)
      expect(engine.killed()).toBe(false)
      vi.advanceTimersByTime(1000)
      expect(engine.killed()).toBe(true)
    })

    it('ends the engine once the evaluation counts as hung, and answers the cancelled request', async () => {
      const { engine, cancelled } = cancelDuring(1)
      vi.advanceTimersByTime(159_000)
      expect(engine.killed()).toBe(false)
      vi.advanceTimersByTime(1000)
      expect(engine.killed()).toBe(true)
      expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    })
  })

  it('repeats the others unchanged after an engine did not stop for a cancel (would catch a cancel that moves other work off the graphics card)', async () => {
    const revise = vi.fn(() => ({ input: { path: 'slower.webp' }, message: 'Moved.' }))
    const { client, engines, states } = setUp({ revise })
    const controller = new AbortController()
    const cancelled = client.request('picture.info', info, { signal: controller.signal })
    const other = client.request('picture.info', { path: 'tomato.webp' })
    controller.abort()
    vi.advanceTimersByTime(2500)
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(revise).not.toHaveBeenCalled()
    expect(engines[1].received).toEqual([engines[0].received[1]])
    expect(states.map(({ message }) => message)).not.toContain('Moved.')
    engines[1].answer({ type: 'response', id: idOf(engines[1]), result: { ok: true, data: 'done' } })
    expect(await other).toEqual({ ok: true, data: 'done' })
  })

  it('does not kill an engine that answers a cancel in time', async () => {
    const { client, engines } = setUp()
    const controller = new AbortController()
    void client.request('picture.info', info, { signal: controller.signal })
    controller.abort()
    const error = { code: 'CANCELLED' as const, message: 'Cancelled.' }
    engines[0].answer({ type: 'response', id: idOf(engines[0]), result: { ok: false, error } })
    vi.advanceTimersByTime(60_000)
    expect(engines[0].killed()).toBe(false)
  })

  it('ends an engine that uses too much memory, and says so in the error', async () => {
    const { client, engines } = setUp({ memoryLimit: 1e9 })
    const request = client.request('picture.info', info)
    engines[0].answer({ type: 'alive', heldBytes: 9e8 })
    expect(engines[0].killed()).toBe(false)
    engines[0].answer({ type: 'alive', heldBytes: 1.1e9 })
    expect(await request).toMatchObject({
      ok: false,
      error: { code: 'OUT_OF_MEMORY', message: expect.stringMatching(/memory.*smaller model/) },
    })
  })

  it('leaves an idle engine alone, however long it is silent', async () => {
    const { client, engines } = setUp({ stallSeconds: 5 })
    const request = client.request('picture.info', info)
    engines[0].answer({ type: 'response', id: idOf(engines[0]), result: { ok: true, data: null } })
    await request
    vi.advanceTimersByTime(60_000)
    expect(engines[0].killed()).toBe(false)
  })

  it('passes a cancel on to the engine, and starts no engine for a request that is already cancelled', async () => {
    const { client, engines } = setUp()
    const controller = new AbortController()
    void client.request('picture.info', info, { signal: controller.signal })
    controller.abort()
    expect(engines[0].received.at(-1)).toEqual({ type: 'cancel', id: idOf(engines[0]) })

    const late = setUp()
    const answer = await late.client.request('picture.info', info, { signal: controller.signal })
    expect(answer).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(late.engines).toHaveLength(0)
  })

  it('does not resend a request that was cancelled just before the engine crashed', async () => {
    const { client, engines } = setUp()
    const controller = new AbortController()
    const cancelled = client.request('picture.info', info, { signal: controller.signal })
    const other = client.request('picture.info', { path: 'tomato.webp' })
    controller.abort()
    engines[0].die('SIGSEGV')
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(engines[1].received).toEqual([engines[0].received[1]])
    engines[1].answer({ type: 'response', id: idOf(engines[1]), result: { ok: true, data: 'done' } })
    expect(await other).toEqual({ ok: true, data: 'done' })
  })

  it('cancels its requests when stopped, and does not restart the engine', async () => {
    const { client, engines } = setUp()
    const request = client.request('picture.info', info)
    await client.stop()
    expect(await request).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(engines).toHaveLength(1)
    expect(client.pid).toBeUndefined()
  })
})
