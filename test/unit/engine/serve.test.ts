import { describe, expect, it } from 'vitest'
import { StudioError } from '#shared/errors'
import type { FromEngine, ToEngine } from '#shared/engineMessages'
import { serve, type EngineHandlers } from '#engine/serve'

/** A server whose handlers a test provides only as far as it calls them. */
function setUp(handlers: Partial<EngineHandlers>) {
  const sent: FromEngine[] = []
  let receive: (message: ToEngine) => void = () => undefined
  serve(
    { send: (message) => sent.push(message), onMessage: (listener) => (receive = listener) },
    handlers as EngineHandlers,
  )
  const responses = () => sent.filter((message) => message.type === 'response')
  const settled = async () => {
    await new Promise((resolve) => setImmediate(resolve))
    return responses()
  }
  return { sent, send: (message: ToEngine) => receive(message), settled }
}

const request: ToEngine = { type: 'request', id: 'a', route: 'picture.info', input: { path: 'x.png' } }

describe('serve', () => {
  it('answers a StudioError with its code and message', async () => {
    const { send, settled } = setUp({
      'picture.info': async () => {
        throw new StudioError('BAD_PICTURE', 'It is no picture.')
      },
    })
    send(request)
    expect(await settled()).toEqual([
      {
        type: 'response',
        id: 'a',
        result: { ok: false, error: { code: 'BAD_PICTURE', message: 'It is no picture.' } },
      },
    ])
  })

  it('reports a RangeError as bad input, and an unknown error as an internal error with its stack', async () => {
    const thrown = [new RangeError('steps 0 is below 1'), new Error('oops')]
    const { send, settled } = setUp({
      'picture.info': async () => {
        throw thrown.shift()
      },
    })
    send(request)
    send({ ...request, id: 'b' })
    const failures = (await settled()).map(({ result }) => (result.ok ? null : result.error))
    expect(failures[0]).toMatchObject({ code: 'BAD_INPUT', message: 'steps 0 is below 1' })
    expect(failures[1]).toMatchObject({ code: 'INTERNAL', message: 'oops' })
    expect(String(failures[1]?.data?.['stack'])).toContain('serve.test.ts')
  })

  it('rejects invalid input before the handler is called, and names the field', async () => {
    let called = false
    const { send, settled } = setUp({
      'picture.info': async () => {
        called = true
        throw new Error('unreachable')
      },
    })
    send({ ...request, input: { path: 7 } })
    const [{ result }] = await settled()
    expect(called).toBe(false)
    expect(result).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } })
    expect(result.ok ? '' : result.error.message).toContain('path')
  })

  it.each(['no.route', 'constructor', '__proto__'])('rejects the unknown route %s', async (route) => {
    const { send, settled } = setUp({})
    send({ ...request, route })
    const [{ result }] = await settled()
    expect(result).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } })
  })

  it('answers a cancelled request with CANCELLED, whatever its handler throws', async () => {
    const { send, settled } = setUp({
      'picture.info': (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        ),
    })
    send(request)
    send({ type: 'cancel', id: 'a' })
    const [{ result }] = await settled()
    expect(result).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
  })
})
