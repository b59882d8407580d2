import { describe, expect, it, vi } from 'vitest'
import type { EngineState } from '#shared/app'
import type { EngineRouteName } from '#shared/contract'
import type { Placement } from '#shared/devices'
import type { ModelSource } from '#shared/modelSource'
import { stepDown } from '#host/devices/selectDevice'
import { UnavailableServers } from '#host/UnavailableServers'
import { DeviceAwareClient } from '#host/DeviceAwareClient'
import { reviseRequest } from '#host/reviseRequest'
import { createMemoryEngine, type MemoryEngine } from '../../fixtures/memoryEngine'

const onCard: Placement = {
  asked: 'cuda',
  askedPrecision: 'fp32',
  provider: 'cuda',
  precision: 'fp32',
  device: 'A card',
  parts: 1,
  reason: null,
}

/** An engine on a card, with every process it has had, the newest last. */
function setUp() {
  const engines: MemoryEngine[] = []
  const mayRound: boolean[] = []
  const placing = {
    place: async ({ precision }: Pick<ModelSource, 'precision'>) => ({ ...onCard, precision }),
    fall: (_path: string, placement: Placement, cause: string) =>
      placement.provider === 'cpu' ? null : stepDown(placement, cause),
  }
  const engine = new DeviceAwareClient(
    (allowTf32) => {
      mayRound.push(allowTf32)
      engines.push(createMemoryEngine(engines.length))
      return engines.at(-1)!.port
    },
    placing,
    { retries: 1 },
  )
  const states: EngineState[] = []
  engine.onState((state) => states.push(state))
  return { engine, engines, states, mayRound }
}

const model = { path: '/model', threads: 1, device: 'cuda' as const }
const decode = { solver: 'ddim' as const, timestepSpacing: 'linear' as const, steps: 2 }
const latentInfo = { model, latent: { kind: 'seed' as const, seed: 1 } }

function lastPlacement(engine: MemoryEngine): Placement {
  return (engine.received.at(-1) as { input: { model: { placement: Placement } } }).input.model.placement
}

function failOn(engine: MemoryEngine, message = 'CUDA ran out of memory'): void {
  const error = { code: 'DEVICE_FAILED' as const, message }
  engine.answer({ type: 'response', id: engine.received.at(-1)!.id, result: { ok: false, error } })
}

it('ends the process of a device that runs out of memory, then halves the batches, then falls back to the CPU', async () => {
  const { engine, engines, states } = setUp()
  const answer = engine.request('latent.info', latentInfo)
  await expect.poll(() => engines.length).toBe(1)
  expect(lastPlacement(engines[0])).toMatchObject({ provider: 'cuda', parts: 1 })
  failOn(engines[0])
  expect(engines[0].killed()).toBe(true)
  expect(lastPlacement(engines[1])).toMatchObject({ provider: 'cuda', parts: 2 })
  failOn(engines[1])
  expect(lastPlacement(engines[2])).toMatchObject({ provider: 'cpu', parts: 1 })
  const { id } = engines[2].received.at(-1)!
  engines[2].answer({ type: 'response', id, result: { ok: true, data: 'done' } })
  expect(await answer).toEqual({ ok: true, data: 'done' })
  const told = states.flatMap(({ message }) => message ?? [])
  expect(told).toEqual([expect.stringContaining('half of each batch'), expect.stringContaining('the CPU')])
})

it('treats a crash on the card as a failure of the card, but retries a crash on the CPU and then reports it', async () => {
  const { engine, engines } = setUp()
  const answer = engine.request('latent.info', latentInfo)
  await expect.poll(() => engines.length).toBe(1)
  for (const place of [
    { provider: 'cuda', parts: 2 },
    { provider: 'cpu', parts: 1 },
    { provider: 'cpu', parts: 1 },
  ]) {
    engines.at(-1)!.die('SIGSEGV')
    expect(lastPlacement(engines.at(-1)!)).toMatchObject(place)
  }
  engines.at(-1)!.die('SIGSEGV')
  expect(await answer).toMatchObject({ ok: false, error: { code: 'ENGINE_CRASHED' } })
  expect(engines).toHaveLength(4)
})

describe('work whose folder holds items of one device', () => {
  const samples = {
    model,
    folder: '/samples',
    plan: { kind: 'samples' as const, count: 8, seed: 0 },
    decode,
  }
  const study = {
    model,
    folder: '/study',
    study: {
      stops: [latentInfo.latent],
      solvers: ['ddim' as const],
      timestepSpacings: ['linear' as const],
      steps: [2],
    },
  }
  const starts = {
    'batch.run': (engine: DeviceAwareClient) => engine.request('batch.run', samples),
    'lab.run': (engine: DeviceAwareClient) => engine.request('lab.run', study),
  }

  it.each(Object.entries(starts))(
    '%s may halve its batches, and ends with DEVICE_FAILED rather than on the CPU (would catch a run that its own folder refuses)',
    async (route, start) => {
      const { engine, engines } = setUp()
      const answer = start(engine)
      await expect.poll(() => engines.length).toBe(1)
      failOn(engines[0])
      expect(lastPlacement(engines[1])).toMatchObject({ provider: 'cuda', parts: 2 })
      failOn(engines[1])
      expect(await answer).toMatchObject({
        ok: false,
        error: {
          code: 'DEVICE_FAILED',
          message: expect.stringMatching(
            new RegExp(`CUDA ran out of memory during ${route}: .*kept.*another folder.*\\.$`),
          ),
        },
      })
      expect(engines).toHaveLength(2)
    },
  )

  it('does not change its precision either', async () => {
    const { engine, engines } = setUp()
    const answer = engine.request('batch.run', { ...samples, model: { ...model, precision: 'fp16' } })
    await expect.poll(() => engines.length).toBe(1)
    failOn(engines[0], 'CUDA failed (NaN or infinity at timestep 3)')
    expect(await answer).toMatchObject({ ok: false, error: { code: 'DEVICE_FAILED' } })
  })

  it.each(Object.keys(starts) as (keyof typeof starts)[])(
    '%s ends with SERVER_FAILED where a film goes on without its server',
    async (route) => {
      const { engine, engines } = setUp()
      const server = { url: 'http://gpu-box:8000', fallback: 'cpu' as const }
      const onServer = { ...model, server }
      const gone = 'The server http://gpu-box:8000 ("unet") does not answer (ECONNREFUSED)'
      const film = engine.request('latent.info', { ...latentInfo, model: onServer })
      await expect.poll(() => engines[0]?.received.length).toBe(1)
      failOn(engines[0], gone)
      expect(lastPlacement(engines[0])).toMatchObject({ asked: 'server', provider: 'cpu' })
      const [{ id }] = engines[0].received
      engines[0].answer({ type: 'response', id, result: { ok: true, data: 'done' } })
      expect(await film).toMatchObject({ ok: true })
      const job =
        route === 'batch.run'
          ? engine.request(route, { ...samples, model: onServer })
          : engine.request(route, { ...study, model: onServer })
      await expect.poll(() => engines[0].received.length).toBe(3)
      failOn(engines[0], gone)
      expect(await job).toMatchObject({
        ok: false,
        error: { code: 'SERVER_FAILED', message: expect.stringContaining('once the server answers') },
      })
    },
  )

  it('continues unchanged when the device fails for other work', async () => {
    const { engine, engines } = setUp()
    const job = engine.request('batch.run', samples)
    await expect.poll(() => engines[0]?.received.length).toBe(1)
    const film = engine.request('latent.info', latentInfo)
    await expect.poll(() => engines[0].received.length).toBe(2)
    for (const at of [0, 1]) failOn(engines[at])
    const [batch, info] = engines[2].received
    expect(batch).toMatchObject({ input: { folder: '/samples', model: { placement: { provider: 'cuda' } } } })
    expect(info).toMatchObject({ input: { model: { placement: { provider: 'cpu' } } } })
    for (const { id } of [batch, info]) {
      engines[2].answer({ type: 'response', id, result: { ok: true, data: id } })
    }
    expect(await Promise.all([job, film])).toMatchObject([{ ok: true }, { ok: true }])
  })
})

it('leaves later requests to the CPU after a server was given up, and asks it again after some minutes', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  const { engine, engines } = setUp()
  const server = { url: 'http://gpu-box:8000', fallback: 'cpu' as const }
  const onServer = { ...latentInfo, model: { ...model, server } }
  const first = engine.request('latent.info', onServer)
  await expect.poll(() => engines[0]?.received.length).toBe(1)
  const [{ received }] = engines
  failOn(engines[0], 'The server does not answer')
  void engine.request('latent.info', onServer)
  await expect.poll(() => received.length).toBe(3)
  expect(received[1].id).toBe(received[0].id)
  for (const { input } of received.slice(1) as { input: object }[]) {
    expect(input).toMatchObject({ model: { placement: { asked: 'server', provider: 'cpu' } } })
    expect(input).not.toHaveProperty('model.server')
  }
  const waiting = { ...server, fallback: 'wait' as const }
  void engine.request('latent.info', { ...latentInfo, model: { ...model, server: waiting } })
  await expect.poll(() => received.length).toBe(4)
  expect(lastPlacement(engines[0]).provider).toBe('server')
  now.mockReturnValue(3_600_000)
  void engine.request('latent.info', onServer)
  await expect.poll(() => received.length).toBe(5)
  expect(lastPlacement(engines[0]).provider).toBe('server')
  now.mockRestore()
  engines[0].answer({ type: 'response', id: received[0].id, result: { ok: true, data: 'done' } })
  expect(await first).toMatchObject({ ok: true })
})

describe('a server that is given up', () => {
  const server = { url: 'http://gpu-box:8000', fallback: 'cpu' as const }
  const onServer = { ...latentInfo, model: { ...model, server } }

  it('costs the other requests nothing (would catch hours of the CPU lost to each new request)', async () => {
    const { engine, engines, states } = setUp()
    const picture = engine.request('picture.info', { path: 'apple.webp' })
    void engine.request('latent.info', onServer)
    await expect.poll(() => engines[0]?.received.length).toBe(2)
    const [{ received }] = engines
    failOn(engines[0], 'The server does not answer')
    expect(engines).toHaveLength(1)
    expect(engines[0].killed()).toBe(false)
    expect(received.map(({ id }) => id)).toEqual([received[0].id, received[1].id, received[1].id])
    expect(states.at(-1)).toMatchObject({ state: 'ready', message: expect.stringContaining('the CPU') })
    engines[0].answer({ type: 'response', id: received[0].id, result: { ok: true, data: 'done' } })
    expect(await picture).toEqual({ ok: true, data: 'done' })
  })

  it('does not continue a request that was cancelled meanwhile', async () => {
    const { engine, engines } = setUp()
    const controller = new AbortController()
    const cancelled = engine.request('latent.info', onServer, { signal: controller.signal })
    await expect.poll(() => engines[0]?.received.length).toBe(1)
    const { id } = engines[0].received[0]
    controller.abort()
    const error = { code: 'DEVICE_FAILED' as const, message: 'The server does not answer' }
    engines[0].answer({ type: 'response', id, result: { ok: false, error } })
    expect(await cancelled).toMatchObject({ ok: false, error: { code: 'CANCELLED' } })
    expect(engines[0].received.map(({ type }) => type)).toEqual(['request', 'cancel'])
  })
})

describe('a save of results of a server that the CPU may take over from', () => {
  const server = { url: 'http://gpu-box:8000', fallback: 'cpu' as const }
  const onServer = { ...latentInfo, model: { ...model, server } }
  const both = { model: { server, placement: { asked: 'server', provider: 'cpu' } } }

  function save(engine: DeviceAwareClient) {
    const wanted = { document: {}, path: 'film.slerp', model: { ...model, server } }
    return engine.request(
      'project.write',
      wanted as unknown as Parameters<typeof engine.request<'project.write'>>[1],
    )
  }

  it.each([
    ['before any failure', null],
    ['while the CPU stands in', 0],
    ['long after the CPU stood in', 3_600_000],
  ])('asks for those of both %s (would catch frames of the CPU that a save forgets)', async (_, after) => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(0)
    const { engine, engines } = setUp()
    if (after !== null) {
      void engine.request('latent.info', onServer)
      await expect.poll(() => engines[0]?.received.length).toBe(1)
      failOn(engines[0], 'The server does not answer')
      now.mockReturnValue(after)
    }
    void save(engine)
    await expect.poll(() => engines.at(-1)?.received.at(-1)?.type).toBe('request')
    expect(engines.at(-1)!.received.at(-1)).toMatchObject({ route: 'project.write', input: both })
    now.mockRestore()
  })

  it('still does if it is lost in the moment in which its server is given up', () => {
    const placement: Placement = { ...onCard, asked: 'server', provider: 'server', device: server.url }
    const lost = (route: EngineRouteName) => ({
      route,
      input: { model: { ...onServer.model, placement } },
      losses: 1,
    })
    const [saving, failed] = [lost('project.write'), lost('latent.info')]
    const loss = { cause: 'The server does not answer', failed, running: [saving, failed] }
    expect(reviseRequest({ fall: () => null }, new UnavailableServers(), saving, loss)).toMatchObject({
      input: both,
    })
  })
})

/** Starts an animation on the card, and a picture that needs no device. */
async function withFramesAndPicture(setup: ReturnType<typeof setUp>) {
  const { engine, engines } = setup
  const frames = engine.request('animation.frames', {
    model,
    plan: { kind: 'list', latents: [latentInfo.latent] },
    indices: [0],
    decode,
  })
  await expect.poll(() => engines[0]?.received.length).toBe(1)
  const picture = engine.request('picture.info', { path: 'poison.webp' })
  expect(engines[0].received).toHaveLength(2)
  return { frames, picture }
}

it('leaves a film on its card while a picture crashes every engine (would catch a crash that has nothing to do with the card blamed on it)', async () => {
  const setup = setUp()
  const { engines, states } = setup
  const { frames, picture } = await withFramesAndPicture(setup)
  const sent = engines[0].received[0]
  engines[0].die('SIGSEGV')
  expect(engines[1].received).toEqual(engines[0].received)
  engines[1].die('SIGSEGV')
  expect(await picture).toMatchObject({ ok: false, error: { code: 'ENGINE_CRASHED' } })
  expect(engines[2].received).toEqual([sent])
  engines[2].answer({ type: 'response', id: sent.id, result: { ok: true, data: 'done' } })
  expect(await frames).toEqual({ ok: true, data: 'done' })
  const told = states.flatMap(({ message }) => message ?? [])
  expect(told).toHaveLength(2)
  for (const message of told) expect(message).toMatch(/SIGSEGV.*restarted, and your work continues/)
})

it('blames the card after all once it runs alone when the engine crashes', async () => {
  const setup = setUp()
  const { engines, states } = setup
  const { picture } = await withFramesAndPicture(setup)
  engines[0].die('SIGSEGV')
  const [, { id }] = engines[1].received
  engines[1].answer({ type: 'response', id, result: { ok: true, data: 'a picture' } })
  expect(await picture).toMatchObject({ ok: true })
  engines[1].die('SIGSEGV')
  expect(lastPlacement(engines[2])).toMatchObject({ provider: 'cuda', parts: 2 })
  expect(states.at(-2)?.message).toMatch(/SIGSEGV.*CUDA is given half of each batch/)
})

it('moves only the requests of the model whose device failed', async () => {
  const { engine, engines } = setUp()
  void engine.request('latent.info', { ...latentInfo, model: { ...model, path: '/other' } })
  await expect.poll(() => engines[0]?.received.length).toBe(1)
  void engine.request('latent.info', latentInfo)
  await expect.poll(() => engines[0].received.length).toBe(2)
  void engine.request('latent.info', latentInfo)
  await expect.poll(() => engines[0].received.length).toBe(3)
  failOn(engines[0])
  expect(engines[1].received).toMatchObject([
    { input: { model: { path: '/other', placement: { parts: 1 } } } },
    { input: { model: { path: '/model', placement: { parts: 2 } } } },
    { input: { model: { path: '/model', placement: { parts: 2 } } } },
  ])
})

it('adds no placement to a request that only reads about a model, and replaces a placement set by the caller', async () => {
  const { engine, engines } = setUp()
  void engine.request('model.info', { model })
  await expect.poll(() => engines[0]?.received.length).toBe(1)
  expect(engines[0].received[0]).toMatchObject({ input: { model } })
  expect(engines[0].received[0]).not.toHaveProperty('input.model.placement')
  const forged: Placement = { ...onCard, provider: 'webgpu', device: 'made up' }
  void engine.request('latent.info', { ...latentInfo, model: { ...model, placement: forged } })
  await expect.poll(() => engines[0].received.length).toBe(2)
  expect(lastPlacement(engines[0])).toEqual(onCard)
})

it('computes in TF32, and only in TF32, in a separate process (would catch rounded fp32)', async () => {
  const { engine, engines, mayRound } = setUp()
  void engine.request('latent.info', latentInfo)
  void engine.request('latent.info', { ...latentInfo, model: { ...model, precision: 'tf32' } })
  await expect.poll(() => engines.length).toBe(2)
  expect(engines.map(({ received }) => received.length)).toEqual([1, 1])
  for (const [i, one] of engines.entries()) {
    expect(lastPlacement(one).precision).toBe(mayRound[i] ? 'tf32' : 'fp32')
  }
  await engine.stop()
  expect(engines.every(({ killed }) => killed())).toBe(true)
})
