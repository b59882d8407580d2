import { describe, expect, it } from 'vitest'
import { DomainError } from '#core/DomainError'
import { StudioError } from '#shared/errors'
import type { FromEngine, ToEngine } from '#shared/engineMessages'
import { ServerChangedError } from '#engine/model/server/LazyRemoteNetwork'
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

  it('asks again once a server turned out to compute with something else', async () => {
    let calls = 0
    const { send, settled } = setUp({
      'picture.info': async () => {
        if (++calls === 1) throw new ServerChangedError('SERVER_FAILED', 'try again')
        return { path: 'x.png' } as never
      },
    })
    send(request)
    expect(await settled()).toMatchObject([{ result: { ok: true, data: { path: 'x.png' } } }])
  })

  it.each([
    ['BAD_INPUT', new DomainError('steps 0 is below 1')],
    ['OUT_OF_MEMORY', new RangeError('Array buffer allocation failed')],
    ['INTERNAL', new RangeError('The value of "offset" is out of range.')],
    ['INTERNAL', new RangeError('Maximum call stack size exceeded')],
    ['INTERNAL', new TypeError("Cannot read properties of undefined (reading 'x')")],
    ['INTERNAL', new Error('oops')],
  ])(
    'reports as %s: %s (would catch a bug of ours that is told as bad input, without its stack)',
    async (code, error) => {
      const { send, settled } = setUp({
        'picture.info': async () => {
          throw error
        },
      })
      send(request)
      const [{ result }] = await settled()
      const failure = result.ok ? null : result.error
      expect(failure?.code).toBe(code)
      if (code !== 'OUT_OF_MEMORY') expect(failure?.message).toBe(error.message)
      if (code === 'INTERNAL') expect(failure?.data?.['stack']).toContain('serve.test.ts')
    },
  )

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
