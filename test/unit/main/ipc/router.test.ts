import { describe, expect, it, vi } from 'vitest'
import type { Preferences } from '#shared/app'
import { StudioError, type Result } from '#shared/errors'
import type { AppHandlers } from '../../../../src/main/ipc/handlers'
import { createRouter, type RouterParts } from '../../../../src/main/ipc/router'
import { requestHandlers, RunningRequests } from '../../../../src/main/ipc/RunningRequests'
import { WriteGrants } from '../../../../src/main/WriteGrants'
import { fakeEngine } from './fakeEngine'

function setUp(part: Partial<RouterParts> = {}, handlers: Partial<AppHandlers> = {}) {
  const running = new RunningRequests()
  const parts: RouterParts = {
    engine: fakeEngine(() => ({ ok: true, data: null })),
    running,
    grants: new WriteGrants(),
    preferences: { value: { server: null } as Preferences },
    emit: vi.fn(),
    handlers: { ...requestHandlers(running), ...handlers } as AppHandlers,
    ...part,
  }
  return { route: createRouter(parts), ...parts }
}

describe('router', () => {
  it.each(['no.route', 'constructor', '__proto__', 'toString', '', 7, null, {}])(
    'answers BAD_INPUT to the route %j without calling the engine',
    async (name) => {
      const engine = fakeEngine(() => ({ ok: true, data: null }))
      expect(await setUp({ engine }).route(name, {}, 'id')).toMatchObject({
        ok: false,
        error: { code: 'BAD_INPUT' },
      })
      expect(engine.calls).toEqual([])
    },
  )

  it.each([undefined, '', 7, 'x'.repeat(101)])('rejects %j as a request id', async (id) => {
    const answer = await setUp().route('request.cancel', { requestId: 'x' }, id)
    expect(answer).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } })
  })

  it('names the route and the field of a malformed input, without calling the engine', async () => {
    const engine = fakeEngine(() => ({ ok: true, data: null }))
    const answer = await setUp({ engine }).route(
      'picture.preview',
      { picture: { path: 'a' }, width: 0, height: 8 },
      'id',
    )
    expect(answer).toMatchObject({
      error: { code: 'BAD_INPUT', message: expect.stringMatching('picture.preview: width') },
    })
    expect(engine.calls).toEqual([])
  })

  it('forwards engine requests with defaults filled in, and returns the answer', async () => {
    const engine = fakeEngine(() => ({ ok: true, data: 'png' }))
    expect(
      await setUp({ engine }).route('picture.preview', { picture: { path: 'a' }, width: 8, height: 8 }, 'id'),
    ).toEqual({
      ok: true,
      data: 'png',
    })
    expect(engine.calls[0].input).toEqual({
      picture: { path: 'a', fit: { mode: 'cover' } },
      width: 8,
      height: 8,
    })
  })

  it('reports progress to the window under the id of its own request', async () => {
    const progress = { phase: 'load', done: 1, total: 2, etaSeconds: null } as const
    const engine = fakeEngine(({ options }) => {
      options.onProgress?.(progress)
      return { ok: true, data: null }
    })
    const { route, emit } = setUp({ engine })
    await route('picture.info', { path: 'a' }, 'mine')
    expect(emit).toHaveBeenCalledWith('progress', { requestId: 'mine', progress })
  })

  it('refuses an id in use, cancels a running request by its id, and accepts another cancel after its end', async () => {
    const engine = fakeEngine(({ options }) => {
      return new Promise<Result<unknown>>((resolve) => {
        const cancelled: Result<unknown> = { ok: false, error: { code: 'CANCELLED', message: '' } }
        options.signal?.addEventListener('abort', () => resolve(cancelled))
      })
    })
    const { route } = setUp({ engine })
    const answer = route('picture.info', { path: 'a' }, 'long')
    expect(await route('picture.info', { path: 'a' }, 'long')).toMatchObject({ error: { code: 'BAD_INPUT' } })
    expect(await route('request.cancel', { requestId: 'long' }, 'c1')).toEqual({ ok: true, data: null })
    expect(await answer).toMatchObject({ error: { code: 'CANCELLED' } })
    expect(await route('request.cancel', { requestId: 'long' }, 'c2')).toEqual({ ok: true, data: null })
  })

  it('turns whatever a handler throws into an answer with an error code instead of a rejection', async () => {
    const thrown = [new StudioError('EXISTS', 'There already.'), new Error('bug'), 'text']
    const codes = await Promise.all(
      thrown.map(async (error) => {
        const { route } = setUp({}, { 'app.state': () => Promise.reject(error) })
        const answer = await route('app.state', {}, 'id')
        return answer.ok ? null : answer.error.code
      }),
    )
    expect(codes).toEqual(['EXISTS', 'INTERNAL', 'INTERNAL'])
  })
})
