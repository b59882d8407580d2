import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createGaussian } from '#core/random/gaussian'
import { createTensor, type Tensor } from '#core/diffusion/tensor'
import { exportRepository } from '#engine/model/folders/exportRepository'
import { OpenModels } from '#engine/model/denoiser/OpenModels'
import { openModel } from '#engine/model/denoiser/openModel'
import type { Model } from '#engine/model/denoiser/model'
import { ServerChangedError } from '#engine/model/server/LazyRemoteNetwork'
import { ContentCache } from '#files/ContentCache'
import { ServerClient, ServerOutageError } from '#engine/model/server/ServerClient'
import { OnnxNetwork } from '#engine/model/network/OnnxNetwork'
import { evaluationAfter, type RunningEvaluation } from '#host/runningEvaluation'
import { inferenceServer } from '#shared/inferenceServer'
import { tinyModel } from '../../../../fixtures/cli'
import { emptyFolder } from '../../../../fixtures/exportTarget'
import { type Fault, InferenceStandIn } from '../../../../fixtures/inferenceServer'
import { writeOptimumFolder } from '../../../../fixtures/optimumFolder'

let server: InferenceStandIn
let local: Model
const opened: Model[] = []

function draw(batch: number): Tensor {
  const x = createTensor([batch, 3, 16, 16])
  createGaussian(1).fill(x.data)
  return x
}

async function openRemote(changes: object = {}): Promise<Model> {
  const model = await openModel({
    path: tinyModel,
    threads: 1,
    server: inferenceServer.parse({ url: server.url, ...changes }),
  })
  opened.push(model)
  return model
}

/** Makes every look at the clock later than any time limit. */
function makeTimePass(): void {
  let now = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 60_000))
}

/**
 * Makes the last of a batch's requests time out, once all others are answered; later requests are answered.
 *
 * @param isWrong  whether the answer to a request, counted from 1, has wrong numbers
 */
function timeOutLast(requests: number, isWrong: (request: number) => boolean = () => false): void {
  const { infer } = ServerClient.prototype
  const others: Promise<unknown>[] = []
  let asked = 0
  vi.spyOn(ServerClient.prototype, 'infer').mockImplementation(async function (this: ServerClient, ...given) {
    const request = ++asked
    if (request === requests) {
      await Promise.all(others)
      throw new ServerOutageError('no answer within 20 s', null, true)
    }
    const answering = infer.apply(this, given)
    others.push(answering)
    const answer = await answering
    return isWrong(request) ? { ...answer, data: answer.data.map((value) => 1.1 * value) } : answer
  })
}

beforeAll(async () => {
  const folder = join(emptyFolder(), 'repository')
  await exportRepository({ path: tinyModel }, { folder, precision: 'fp32', overwrite: false })
  server = await InferenceStandIn.start(folder, [3, 16, 16])
  local = await openModel({ path: tinyModel, threads: 1 })
})

afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  server.faults.length = 0
  server.requests.length = 0
  server.manners = { binary: true, headers: true }
  server.version = '1'
  server.versions = undefined
  server.starting = 0
  server.delay = 0
  server.isUnloaded = false
  await Promise.all(opened.splice(0).map((model) => model.close()))
})

afterAll(() => server.stop())

describe('a network on a server', () => {
  it.each([
    ['bytes', true, true],
    ['bytes without Content-Type and Content-Length', true, false],
    ['JSON in place of bytes', false, true],
  ])('gives bit-identical results to the CPU: %s', async (_, binary, headers) => {
    server.manners = { binary, headers }
    const remote = await openRemote()
    const x = draw(1)
    expect((await remote.denoiser.predict(x, 500)).data).toEqual((await local.denoiser.predict(x, 500)).data)
    expect(remote.compute).toMatchObject({
      provider: 'server',
      device: `unet version 1 at ${server.url}`,
      runtime: 'stand-in 1.0',
    })
  })

  it('runs what export-onnx writes in half precision (would catch a repository that is always refused)', async () => {
    const folder = join(emptyFolder(), 'half')
    await exportRepository({ path: tinyModel }, { folder, precision: 'fp16', overwrite: false })
    const half = await InferenceStandIn.start(folder, [3, 16, 16])
    const remote = await openRemote({ url: half.url })
    expect(remote.compute.precision).toBe('fp16')
    const x = draw(2)
    const [theirs, ours] = [await remote.denoiser.predict(x, 500), await local.denoiser.predict(x, 500)]
    const gap = Math.max(...theirs.data.map((value, i) => Math.abs(value - ours.data[i])))
    // More than float32 may be off, and no more than the float16 of docs/serve.md.
    expect(gap).toBeGreaterThan(1e-4)
    expect(gap).toBeLessThan(1e-2)
    await half.stop()
  })

  it('accepts fractional timesteps, which solvers use near the picture', async () => {
    const remote = await openRemote()
    const x = draw(1)
    const [theirs, ours] = [await remote.denoiser.predict(x, 0.258), await local.denoiser.predict(x, 0.258)]
    for (const [i, value] of theirs.data.entries()) expect(Math.abs(value - ours.data[i])).toBeLessThan(1e-5)
  })

  it('works after a slow response (would catch a time limit that is not a whole number of milliseconds)', async () => {
    const remote = await openRemote()
    server.faults.push('slow')
    const x = draw(1)
    const slow = await remote.denoiser.predict(x, 500)
    expect((await remote.denoiser.predict(x, 500)).data).toEqual(slow.data)
  })

  it('evaluates a batch in parallel requests and joins the results in order', async () => {
    const remote = await openRemote()
    const x = draw(10)
    const [theirs, ours] = [await remote.denoiser.predict(x, 20), await local.denoiser.predict(x, 20)]
    for (const [i, value] of theirs.data.entries()) expect(Math.abs(value - ours.data[i])).toBeLessThan(1e-6)
    expect(server.requests.map(({ items }) => items).sort()).toEqual([1, 3, 3, 3])
  })

  it.each<[string, Fault[]]>([
    ['503', ['busy', 'busy']],
    ['500, as of a card that lacked memory for a moment,', ['out of memory', 'out of memory']],
    ['a connection that breaks', ['hang up']],
    ['an answer cut short', ['cut short']],
    ['a page of a proxy', ['nonsense']],
  ])('survives %s by sending the step again', async (_, faults) => {
    const remote = await openRemote()
    const x = draw(1)
    const expected = (await local.denoiser.predict(x, 7)).data
    await remote.denoiser.predict(x, 500)
    server.faults.push(...faults)
    expect((await remote.denoiser.predict(x, 7)).data).toEqual(expected)
  })

  it('goes on after unusable answers that a real outage separates (would catch work that ends with the advice to change the server)', async () => {
    const remote = await openRemote()
    const x = draw(1)
    const expected = (await local.denoiser.predict(x, 7)).data
    await remote.denoiser.predict(x, 500)
    server.faults.push('nonsense', 'nonsense', 'nonsense', 'busy', 'nonsense')
    expect((await remote.denoiser.predict(x, 7)).data).toEqual(expected)
  })

  it('waits for a killed server, reports the wait, and continues when the server is back', async () => {
    const remote = await openRemote()
    const x = draw(2)
    await remote.denoiser.predict(x, 500)
    await server.stop()
    const notices: string[] = []
    const waiting = remote.denoiser.predict(x, 7, { onNotice: (sentence) => void notices.push(sentence) })
    await expect.poll(() => notices.length, { timeout: 5000 }).toBe(1)
    await server.listen()
    const answer = await waiting
    expect(notices).toEqual([expect.stringContaining('waits'), expect.stringContaining('answers again')])
    const ours = (await local.denoiser.predict(x, 7)).data
    for (const [i, value] of answer.data.entries()) expect(Math.abs(value - ours[i])).toBeLessThan(1e-6)
  })

  it('says nothing of an attempt that fails once (would catch a server that “answers again” though nothing was said)', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push('hang up')
    const notices: string[] = []
    await remote.denoiser.predict(draw(1), 7, { onNotice: (sentence) => void notices.push(sentence) })
    expect(notices).toEqual([])
  })

  it('is given more time after each time-out (would catch a slow server that is never waited for long enough)', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    const limit = AbortSignal.timeout.bind(AbortSignal)
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => limit(milliseconds / 10))
    // Longer than a tenth of the first limit.
    server.delay = 3000
    const expected = (await local.denoiser.predict(draw(1), 7)).data
    expect((await remote.denoiser.predict(draw(1), 7)).data).toEqual(expected)
  })

  it('keeps what it had answered of a batch when a request of it times out (would catch a batch that is begun anew each time)', async () => {
    const remote = await openRemote()
    const x = draw(10)
    await remote.denoiser.predict(x, 500)
    server.requests.length = 0
    timeOutLast(4)
    const [theirs, ours] = [await remote.denoiser.predict(x, 20), await local.denoiser.predict(x, 20)]
    for (const [i, value] of theirs.data.entries()) expect(Math.abs(value - ours.data[i])).toBeLessThan(1e-6)
    // The last of 3 + 3 + 3 + 1 items is asked for once more; the first time its request did not get through.
    expect(server.requests.map(({ items }) => items).sort()).toEqual([1, 3, 3, 3])
  })

  it.each<[string, (request: number) => boolean]>([
    ['before it', (request) => request < 4],
    ['after it', (request) => request > 4],
  ])(
    'is compared with the CPU on both sides of a time-out: wrong %s (would catch a batch of two models)',
    async (_, isWrong) => {
      const remote = await openRemote()
      timeOutLast(4, isWrong)
      await expect(remote.denoiser.predict(draw(10), 20)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
    },
  )

  it('is given no more time because several evaluations wait for it (would catch an hour for a server that hangs)', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    const waiting = 5
    const limits: number[] = []
    const infer = vi.spyOn(ServerClient.prototype, 'infer')
    infer.mockImplementation(async (_inputs, _output, { seconds }) => {
      limits.push(seconds)
      throw new ServerOutageError('no answer', null, true)
    })
    const stop = new AbortController()
    const work = Array.from({ length: waiting }, () =>
      remote.denoiser.predict(draw(1), 7, { signal: stop.signal }).catch(() => undefined),
    )
    // Each of them has timed out about twice, and all of them ten times.
    await expect.poll(() => limits.length, { timeout: 5000 }).toBeGreaterThanOrEqual(2 * waiting)
    stop.abort()
    await Promise.all(work)
    const mostTimes = Math.max(...limits.slice(0, 2 * waiting)) / limits[0]
    expect(mostTimes).toBeGreaterThanOrEqual(2)
    expect(mostTimes).toBeLessThanOrEqual(2 ** 4)
  })

  it('says while the CPU is to take over that it will (would catch the promise of a wait)', async () => {
    const remote = await openRemote({ fallback: 'cpu' })
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push('busy', 'busy')
    const notices: string[] = []
    await remote.denoiser.predict(draw(1), 7, { onNotice: (sentence) => void notices.push(sentence) })
    expect(notices[0]).toContain('the CPU takes over if it stays so')
  })

  it('leaves a server that is down at the start to the CPU where that is the fallback', async () => {
    await server.stop()
    makeTimePass()
    const gone = `The server ${server.url} does not answer (ECONNREFUSED)`
    await expect(openRemote({ fallback: 'cpu' })).rejects.toMatchObject({
      code: 'DEVICE_FAILED',
      message: gone,
    })
    await expect(openRemote()).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining(gone) as string,
    })
    await server.listen()
  })

  it('is waited for while an urgent evaluation on this machine is answered (would catch one server that stops every model)', async () => {
    const models = new OpenModels()
    const source = { path: tinyModel, threads: 1, device: 'auto', precision: 'fp32' } as const
    const far = await models.open({ ...source, server: inferenceServer.parse({ url: server.url }) })
    const near = await models.open(source)
    opened.push(far, near)
    await server.stop()
    const cancel = new AbortController()
    const notices: string[] = []
    const onNotice = (sentence: string) => void notices.push(sentence)
    const waiting = far.denoiser.predict(draw(1), 7, { signal: cancel.signal, onNotice })
    const ended = expect(waiting).rejects.toThrow('enough')
    await expect.poll(() => notices.length, { timeout: 5000 }).toBe(1)
    const answer = await near.denoiser.predict(draw(1), 7, { priority: 'urgent' })
    expect(answer.data).toEqual((await local.denoiser.predict(draw(1), 7)).data)
    cancel.abort(new Error('enough'))
    await ended
    await server.listen()
  })

  it('is asked by others while an attempt of one is put off (would catch a drag that waits for an export)', async () => {
    const remote = await openRemote()
    const x = draw(1)
    await remote.denoiser.predict(x, 500)
    server.faults.push('busy', 'busy', 'busy')
    const order: string[] = []
    const seconds: number[] = []
    const first = remote.denoiser
      .predict(x, 7, { priority: 'export', onEnd: (_items, took) => void seconds.push(took) })
      .then(() => order.push('first'))
    await expect.poll(() => server.faults.length, { interval: 5 }).toBe(0)
    // The first attempt after three failures is put off for a second.
    await remote.denoiser.predict(x, 20, { priority: 'urgent' }).then(() => order.push('other'))
    await first
    expect(order).toEqual(['other', 'first'])
    expect(seconds[0]).toBeLessThan(1)
  })

  it('announces its comparison with the CPU also if another request was announced and ended meanwhile (would catch a busy engine that is killed as deaf)', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    await server.stop()
    let running: RunningEvaluation | null = null
    const turnOf = (id: string) => ({
      onStart: () => void (running = evaluationAfter({ type: 'evaluating', id, seconds: 60 }, running)),
      onOver: () => void (running = evaluationAfter({ type: 'evaluated', id }, running)),
    })
    const comparedFor: (string | undefined)[] = []
    const { evaluate } = OnnxNetwork.prototype
    vi.spyOn(OnnxNetwork.prototype, 'evaluate').mockImplementation(function (this: OnnxNetwork, ...given) {
      comparedFor.push(running?.id)
      return evaluate.apply(this, given)
    })
    const cancel = new AbortController()
    const first = remote.denoiser.predict(draw(1), 7, turnOf('first'))
    const second = remote.denoiser.predict(draw(1), 7, { ...turnOf('second'), signal: cancel.signal })
    await expect.poll(() => running?.id).toBe('second')
    cancel.abort(new Error('enough'))
    await expect(second).rejects.toThrow('enough')
    await server.listen()
    await first
    expect(comparedFor).toEqual(['first'])
  })

  it('goes on after it was closed, as networks of this machine do', async () => {
    const remote = await openRemote()
    const x = draw(1)
    const { data } = await remote.denoiser.predict(x, 500)
    await remote.close()
    expect((await remote.denoiser.predict(x, 500)).data).toEqual(data)
  })

  it.each<[string, string[] | null]>([
    ['none', []],
    ['null', null],
    ['names without an order', ['v1', 'v2']],
  ])(
    'keeps to the version of the first answer if its description lists %s (would catch work that waits for ever)',
    async (_, versions) => {
      server.versions = versions
      server.version = 'v2'
      const remote = await openRemote()
      expect(remote.compute.device).toBe(`unet at ${server.url}`)
      const x = draw(1)
      await remote.denoiser.predict(x, 500)
      server.faults.push('hang up')
      const expected = (await local.denoiser.predict(x, 7)).data
      expect((await remote.denoiser.predict(x, 7)).data).toEqual(expected)
      server.version = 'v1'
      await expect(remote.denoiser.predict(x, 7)).rejects.toMatchObject({
        code: 'MODEL_MISMATCH',
        message: expect.stringMatching(/version v1 answers in the place of v2: .*--server-version/) as string,
      })
    },
  )

  it('stops waiting when cancelled', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push(...Array<Fault>(50).fill('busy'))
    const cancel = new AbortController()
    const waiting = remote.denoiser.predict(draw(1), 7, { signal: cancel.signal })
    cancel.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  it('waits for a server that fails to describe the model while it starts again', async () => {
    const remote = await openRemote()
    const x = draw(1)
    const expected = (await local.denoiser.predict(x, 7)).data
    await remote.denoiser.predict(x, 500)
    server.faults.push('hang up')
    // More than the unusable answers that end the work.
    server.starting = 5
    expect((await remote.denoiser.predict(x, 7)).data).toEqual(expected)
  })

  it('ends after several answers of 500 with the words of the server, so that a scheduler tries again', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push(...Array<Fault>(50).fill('out of memory'))
    await expect(remote.denoiser.predict(draw(1), 7)).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining('(status 500, CUDA out of memory)') as string,
    })
    expect(server.faults.length).toBe(46)
  })

  it('ends after a server that answers 500 to everything, and so does the next work (would catch work that waits for ever)', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push('out of memory')
    server.starting = 50
    const notices: string[] = []
    const onNotice = (sentence: string) => void notices.push(sentence)
    const refusal = {
      code: 'SERVER_FAILED',
      message: expect.stringContaining('(status 500, model is loading)') as string,
    }
    await expect(remote.denoiser.predict(draw(1), 7, { onNotice })).rejects.toMatchObject(refusal)
    expect(notices).toEqual([
      `The server ${server.url} ("unet") gives no usable answer (status 500, model is loading): it is asked again.`,
    ])
    await expect(remote.denoiser.predict(draw(1), 7)).rejects.toMatchObject(refusal)
    // Four failures in a row each, of which the first was an inference.
    expect(server.starting).toBe(50 - 3 - 4)
  })

  it('ends after a server that answers 500 to inferences and to questions about the model in turn', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push(...Array<Fault>(50).fill('broken'))
    await expect(remote.denoiser.predict(draw(1), 7)).rejects.toMatchObject({ code: 'SERVER_FAILED' })
    expect(server.faults.length).toBe(48)
  })

  it('ends after a server that fails once and then has no such model', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push('out of memory')
    server.isUnloaded = true
    await expect(remote.denoiser.predict(draw(1), 7)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('unknown model') as string,
    })
  })

  it('leaves a server that answers 500 to the CPU where that is the fallback', async () => {
    const remote = await openRemote({ fallback: 'cpu' })
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push(...Array<Fault>(50).fill('out of memory'))
    await expect(remote.denoiser.predict(draw(1), 7)).rejects.toMatchObject({
      code: 'DEVICE_FAILED',
      message: `The server ${server.url} ("unet") gives no usable answer (status 500, CUDA out of memory)`,
    })
  })

  it('fails with DEVICE_FAILED after repeated failures if the fallback is the CPU, so that the CPU can take over', async () => {
    const remote = await openRemote({ fallback: 'cpu' })
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push(...Array<Fault>(50).fill('busy'))
    await expect(remote.denoiser.predict(draw(1), 7)).rejects.toMatchObject({ code: 'DEVICE_FAILED' })
  })
})

describe('an unsuitable server is rejected if it', () => {
  it.each<[string, Fault[], string, RegExp]>([
    ['answers another shape', ['wrong shape'], 'MODEL_MISMATCH', /answers \[767\] where/],
    ['answers other numbers at first', ['wrong numbers'], 'MODEL_MISMATCH', /from the CPU’s/],
    ['answers null at first', ['null'], 'MODEL_MISMATCH', /NaN from the CPU’s/],
    ['never answers an inference', Array<Fault>(9).fill('nonsense'), 'UNSUPPORTED', /answers no inference/],
  ])('%s', async (_, faults, code, sentence) => {
    const remote = await openRemote()
    server.faults.push(...faults)
    const answer = remote.denoiser.predict(draw(1), 500)
    await expect(answer).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) })
  })

  it('answers null in place of a number (would catch a picture with a 0 there)', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push('null')
    const answer = remote.denoiser.predict(draw(1), 7)
    await expect(answer).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining('NaN') as string,
    })
  })

  it('answers as another version than it describes (would catch work that waits for ever)', async () => {
    server.version = '7'
    server.versions = ['1']
    const remote = await openRemote()
    await expect(remote.denoiser.predict(draw(1), 500)).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      message: expect.stringMatching(/version 7 answers in the place of 1: .*--server-version/) as string,
    })
  })

  it('has another model or version after an outage (would catch a film made by two models)', async () => {
    const remote = await openRemote()
    await remote.denoiser.predict(draw(1), 500)
    server.faults.push('hang up', 'wrong numbers')
    await expect(remote.denoiser.predict(draw(1), 7)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
    await remote.denoiser.predict(draw(1), 500)
    server.version = '2'
    server.faults.push('hang up')
    const later = remote.denoiser.predict(draw(1), 7)
    await expect(later).rejects.toMatchObject({ message: expect.stringContaining('version 2') })
  })

  it('does not have the model, or has a model of another size', async () => {
    await expect(openRemote({ model: 'other' })).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('unknown model'),
    })
    const path = 'resources/models/fruits-64'
    const other = openModel({ path, threads: 1, server: inferenceServer.parse({ url: server.url }) })
    await expect(other).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
  })
})

describe('an open model whose server', () => {
  const source = () => ({
    path: tinyModel,
    threads: 1,
    device: 'auto' as const,
    precision: 'fp32' as const,
    server: inferenceServer.parse({ url: server.url }),
  })

  it('came back with another version is opened anew with that (would catch a window that has to be restarted)', async () => {
    const models = new OpenModels()
    const first = await models.open(source())
    await first.denoiser.predict(draw(1), 500)
    server.version = '2'
    server.faults.push('hang up')
    await expect(first.denoiser.predict(draw(1), 7)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
    const second = await models.open(source())
    opened.push(first, second)
    expect(second.compute.device).toBe(`unet version 2 at ${server.url}`)
    expect(second.key).not.toBe(first.key)
    await second.denoiser.predict(draw(1), 7)
  })

  it('goes on answering as another version is opened anew with that', async () => {
    server.versions = []
    const models = new OpenModels()
    const first = await models.open(source())
    await first.denoiser.predict(draw(1), 500)
    server.version = '2'
    await expect(first.denoiser.predict(draw(1), 7)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
    const second = await models.open(source())
    opened.push(first, second)
    await second.denoiser.predict(draw(1), 7)
  })

  it('was away is opened anew once that is known (would catch results under the name of another version)', async () => {
    const models = new OpenModels()
    await server.stop()
    const first = await models.open(source())
    await server.listen()
    await expect(first.denoiser.predict(draw(1), 7)).rejects.toBeInstanceOf(ServerChangedError)
    const second = await models.open(source())
    opened.push(first, second)
    expect(second.compute.device).toBe(`unet version 1 at ${server.url}`)
    await second.denoiser.predict(draw(1), 7)
    await server.stop()
    const again = await new OpenModels().open(source())
    opened.push(again)
    expect(again.key).not.toBe(second.key)
    await server.listen()
  })

  it('is away has the key of before, and computes once it is back', async () => {
    const disk = new ContentCache(emptyFolder())
    const before = await new OpenModels(undefined, disk).open(source())
    await server.stop()
    const after = await new OpenModels(undefined, disk).open(source())
    opened.push(before, after)
    expect(after.key).toBe(before.key)
    await server.listen()
    const expected = (await local.denoiser.predict(draw(1), 7)).data
    expect((await after.denoiser.predict(draw(1), 7)).data).toEqual(expected)
  })

  it('is away fails evaluations, and work that has to know what computes it', async () => {
    await server.stop()
    const model = await new OpenModels().open(source())
    opened.push(model)
    makeTimePass()
    const refusal = { code: 'SERVER_FAILED' }
    await expect(model.denoiser.predict(draw(1), 7)).rejects.toMatchObject(refusal)
    await expect(model.connect()).rejects.toMatchObject(refusal)
    await server.listen()
  })
})

describe('a certificate', () => {
  const certificate = 'test/fixtures/certificate'
  let front: Server
  let port: number
  beforeAll(async () => {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(certificate, name)))
    front = createServer({ key, cert }, (_, response) => response.end('{}'))
    await new Promise<void>((listening) => front.listen(0, '127.0.0.1', listening))
    port = (front.address() as AddressInfo).port
  })
  afterAll(() => void front.close())

  it.each<[string, (at: number) => object, string, RegExp]>([
    [
      'of another host',
      (at) => ({ url: `https://localhost:${at}`, ca: join(certificate, 'cert.pem') }),
      'FORBIDDEN',
      /is for another host name/,
    ],
    [
      'of an unknown authority',
      (at) => ({ url: `https://127.0.0.1:${at}` }),
      'FORBIDDEN',
      /is not trusted .*name its authority/,
    ],
    [
      'of an authority whose file holds none',
      (at) => ({ url: `https://127.0.0.1:${at}`, ca: join(certificate, 'key.pem') }),
      'BAD_INPUT',
      /key\.pem" holds no certificate/,
    ],
    [
      'of a server that has none',
      () => ({ url: server.url.replace('http:', 'https:') }),
      'BAD_INPUT',
      /does not speak https: write its address with http:\/\/ instead/,
    ],
  ])('%s is refused with its own reason', async (_, at, code, message) => {
    await expect(openRemote(at(port))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    })
  })
})

it('sends the configured header, and rejects headers with line breaks and file URLs', async () => {
  const remote = await openRemote({ header: 'Authorization: Bearer abc' })
  await remote.denoiser.predict(draw(1), 500)
  expect(server.requests[0].authorization).toBe('Bearer abc')
  expect(() => inferenceServer.parse({ url: server.url, header: 'X: a\r\nEvil: b' })).toThrow()
  expect(() => inferenceServer.parse({ url: 'file:///etc/passwd' })).toThrow()
})

it('sends a token without the line break that mounted secrets end with (would catch 20 s of retries)', async () => {
  vi.stubEnv('SLERP_STUDIO_SERVER_TOKEN', 'abc\n')
  const remote = await openRemote()
  await remote.denoiser.predict(draw(1), 500)
  expect(server.requests[0].authorization).toBe('Bearer abc')
})

it('says at once which header or token cannot be sent, though the server answers', async () => {
  for (const header of ['Transfer-Encoding: chunked', 'Expect: 100-continue']) {
    await expect(openRemote({ header })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining(`The header "${header.split(':')[0]}" cannot be sent`) as string,
    })
  }
  vi.stubEnv('SLERP_STUDIO_SERVER_TOKEN', 'a\nb')
  await expect(openRemote()).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringContaining('check SLERP_STUDIO_SERVER_TOKEN') as string,
  })
})

it('says of a text-conditional model that servers are not asked yet, on opening and on export', async () => {
  const path = 'test/golden/fixtures/text/sd1'
  const refusal = {
    code: 'UNSUPPORTED',
    message: expect.stringContaining('text-conditional, which servers are not asked yet') as string,
  }
  const opening = openModel({ path, threads: 1, server: inferenceServer.parse({ url: server.url }) })
  await expect(opening).rejects.toMatchObject(refusal)
  const target = { precision: 'fp32', overwrite: false } as const
  const exported = join(emptyFolder(), 'optimum')
  await writeOptimumFolder('sd1', exported)
  for (const [i, from] of [path, exported].entries()) {
    const folder = join(emptyFolder(), String(i))
    await expect(exportRepository({ path: from }, { folder, ...target })).rejects.toMatchObject(refusal)
  }
})
