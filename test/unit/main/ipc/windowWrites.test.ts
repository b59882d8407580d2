import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { Preferences } from '#shared/app'
import { routes, type RouteName } from '#shared/contract'
import type { AppHandlers } from '../../../../src/main/ipc/handlers'
import { createRouter } from '../../../../src/main/ipc/router'
import { RunningRequests } from '../../../../src/main/ipc/RunningRequests'
import { windowWrites } from '../../../../src/main/ipc/windowWrites'
import { WriteGrants } from '../../../../src/main/WriteGrants'
import { fakeEngine } from './fakeEngine'

const path = '/home/user/letters'
const model = { path: 'model' }
const plan = { kind: 'list', latents: [{ kind: 'seed', seed: 0 }] }
const picture = { kind: 'picture', picture: { path: 'a.png' }, encode: {} }
const study = { stops: [picture], solvers: ['ddim'], timestepSpacings: ['linear'], steps: [5] }

/** Requests that the window makes, each of which writes to `path` or, before that, looks at what is there. */
const writing: Partial<Record<RouteName, object>> = {
  'animation.export': { model, plan, decode: {}, target: { path, format: 'gif' } },
  'animation.discard': { path },
  'latent.save': { model, latent: plan.latents[0], decode: {}, path },
  'lab.run': { model, study, folder: path },
  'output.existing': { path },
  'output.open': { path, overwrite: true },
  'project.save': { document: {}, model, path, overwrite: true, from: null, collect: false },
}

/** Requests that would write to `path`, and that the window never makes. */
const foreign: Partial<Record<RouteName, object>> = {
  'model.export': { model, folder: path, overwrite: true },
  'batch.run': { model, plan, decode: {}, folder: path },
  'batch.merge': { folder: 'shards', target: { path, format: 'gif', overwrite: true } },
  'distance.measure': { a: 'a', b: 'b', saveStatistics: path },
  'project.read': { path: 'film.slerp', unpackTo: path },
  'project.write': { document: {}, model, path, overwrite: true },
  'project.verify': { path: 'film.slerp', unpackTo: path, model },
}

/** Inputs that say where to write, or whether to replace what is there. */
const ofWriting = /"(overwrite|unpackTo|saveStatistics|save[A-Z]\w*)":/

/** Sends a request of the window, and returns its error code and what was done for it. */
async function send(name: string, input: unknown, grants = new WriteGrants()) {
  const done: unknown[] = []
  const engine = fakeEngine(({ route }) => {
    done.push(route)
    return { ok: true, data: null }
  })
  const handlers = new Proxy({} as AppHandlers, {
    get: (_handlers, route) => async () => void done.push(route),
  })
  const router = createRouter({
    engine,
    handlers,
    grants,
    preferences: { value: { server: null } as Preferences },
    running: new RunningRequests(),
    emit: vi.fn(),
  })
  const answer = await router(name, input, 'id')
  return { code: answer.ok ? null : answer.error.code, done }
}

describe('what the window may write', () => {
  it.each(Object.entries(writing))('%s writes only where the user has led it', async (name, input) => {
    expect(await send(name, input)).toEqual({ code: 'UNWRITABLE', done: [] })
    const grants = new WriteGrants()
    grants.grant(path)
    expect(await send(name, input, grants)).toEqual({ code: null, done: [name] })
  })

  it.each(Object.entries(foreign))('%s is refused, even with a granted path', async (name, input) => {
    const grants = new WriteGrants()
    grants.grant(path)
    expect(await send(name, input, grants)).toEqual({ code: 'FORBIDDEN', done: [] })
  })

  it('every other route writes nothing, and takes nothing that only a route that writes has a use for', () => {
    const others = Object.keys(routes).filter(
      (name) => !(name in writing) && !(name in foreign),
    ) as RouteName[]
    const claims = Object.keys(windowWrites).filter((name) => windowWrites[name as RouteName] === 'nothing')
    expect(claims.sort()).toEqual(others.sort())
    for (const name of others) {
      const schema = z.toJSONSchema(routes[name].input, { unrepresentable: 'any', io: 'input' })
      expect([name, JSON.stringify(schema)]).toEqual([name, expect.not.stringMatching(ofWriting)])
    }
  })
})
