import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Preferences } from '#shared/app'
import { routes, type RouteName } from '#shared/contract'
import { inferenceServer } from '#shared/inferenceServer'
import type { AppHandlers } from '../../../../src/main/ipc/handlers'
import { createRouter } from '../../../../src/main/ipc/router'
import { RunningRequests } from '../../../../src/main/ipc/RunningRequests'
import { WriteGrants } from '../../../../src/main/WriteGrants'
import { fakeEngine } from './fakeEngine'

const grants = new WriteGrants()
grants.grant('film.slerp')
const chosen = { url: 'http://gpu-box:8000', model: 'unet', header: 'Authorization: Bearer abc' }
const elsewhere = 'https://collector.example'

/** Sends a request of the window, and returns its error code and the routes that reached engine or handlers. */
async function send(name: RouteName, server: object | undefined, saved: object | null) {
  const done: unknown[] = []
  const reached: unknown[] = []
  const router = createRouter({
    engine: fakeEngine(({ route, input }) => {
      done.push(route)
      reached.push((input as { model: { server?: object } }).model.server)
      return { ok: true, data: null }
    }),
    handlers: new Proxy({} as AppHandlers, {
      get: (_, route) => async (input: { model: { server?: object } }) => {
        done.push(route)
        reached.push(input.model.server)
      },
    }),
    grants,
    preferences: { value: { server: saved && inferenceServer.parse(saved) } as Preferences },
    running: new RunningRequests(),
    emit: vi.fn(),
  })
  const document = { document: {}, path: 'film.slerp', overwrite: true, from: null, collect: false }
  const answer = await router(name, { ...document, model: { path: 'model', server } }, 'id')
  return { code: answer.ok ? null : answer.error.code, done, reached }
}

describe('the server that the window may use', () => {
  it.each(['model.check', 'project.save'] as const)('is the saved one, or none: %s', async (name) => {
    expect(await send(name, chosen, chosen)).toMatchObject({ code: null, done: [name] })
    expect(await send(name, { ...chosen, version: undefined }, chosen)).toMatchObject({
      code: null,
      done: [name],
    })
    expect(await send(name, undefined, chosen)).toMatchObject({ code: null, done: [name] })
    expect(await send(name, undefined, null)).toMatchObject({ code: null, done: [name] })
  })

  it.each<[string, object, object | null]>([
    ['any while none is saved', { url: elsewhere }, null],
    ['another address', { ...chosen, url: elsewhere }, chosen],
    ['another path', { ...chosen, url: `${chosen.url}/other` }, chosen],
    ['another model', { ...chosen, model: 'other' }, chosen],
    ['a version', { ...chosen, version: '2' }, chosen],
  ])('is not %s (would catch a way out of a compromised page)', async (_, asked, saved) => {
    for (const name of ['model.check', 'project.save'] as const) {
      expect(await send(name, asked, saved)).toMatchObject({ code: 'FORBIDDEN', done: [] })
    }
  })

  it.each<[string, object]>([
    ['another header', { ...chosen, header: 'X-Pixels: abc' }],
    ['no header, which sends the token of the environment', { url: chosen.url }],
    ['an authority of its own', { ...chosen, ca: '/tmp/ca.pem' }],
    ['another fallback', { ...chosen, fallback: 'cpu' }],
  ])(
    'is asked as the preferences say, whatever the window says: %s (would catch an export that fails when a token is renewed)',
    async (_, asked) => {
      for (const name of ['model.check', 'project.save'] as const) {
        const { code, reached } = await send(name, asked, chosen)
        expect(code).toBeNull()
        expect(reached).toEqual([inferenceServer.parse(chosen)])
      }
    },
  )

  it('is named in a request’s model or in the preferences, and nowhere else', () => {
    for (const [name, { input }] of Object.entries(routes)) {
      const schema = z.toJSONSchema(input, { unrepresentable: 'any', io: 'input', reused: 'inline' }) as {
        properties?: Record<string, object>
      }
      const { model: _, ...others } = schema.properties ?? {}
      const found = JSON.stringify({ ...schema, properties: others }).includes('"fallback":')
      expect([name, found]).toEqual([name, name === 'app.setPreferences'])
    }
  })
})
