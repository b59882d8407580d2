import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ComputeInfo } from '#shared/reports'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { concatenate, createTensor, itemsOf } from '#core/diffusion/tensor'
import { computeInfoOf } from '#engine/model/network/compute'
import { readModelInfo } from '#engine/model/folders/modelInfo'
import { FractionalTimestepError } from '#engine/model/network/FractionalTimestepError'
import { type GraphSource, OnnxNetwork } from '#engine/model/network/OnnxNetwork'
import { Denoiser } from '#engine/model/denoiser/Denoiser'
import { Turns } from '#engine/model/network/Turns'
import { openModel } from '#engine/model/denoiser/openModel'
import { ModelCopy } from '../../../fixtures/modelCopy'
import { drawTensor } from '../../core/diffusion/draws'

let copy: ModelCopy
afterEach(() => {
  vi.restoreAllMocks()
  return copy.remove()
})

/**
 * A network that returns its input; records each run's batch and the event loop's turns before it. On the clock
 * of `performance`, a run takes a second for each picture.
 *
 * @param activationBytes  of one picture
 * @param rounding  added to every output of a run with several pictures
 */
async function openFake(
  compute: Partial<ComputeInfo>,
  {
    activationBytes = null,
    rounding = 0,
    takesWholeTimesteps = false,
  }: {
    activationBytes?: number | null
    rounding?: number
    takesWholeTimesteps?: boolean
  } = {},
) {
  copy = await ModelCopy.of('one-layer')
  const info = await readModelInfo(copy.folder)
  const onCpu = computeInfoOf({ path: copy.folder, threads: 1 }, 'fake')
  const runs: { batch: number; turns: number }[] = []
  const closed = new Set<number>()
  let turns = 0
  let milliseconds = 0
  vi.spyOn(performance, 'now').mockImplementation(() => milliseconds)
  const graphs: GraphSource = {
    sampleName: 'sample',
    outputChannels: 3,
    onlyBatch: null,
    activationBytes,
    open: async (batch) => ({
      inputNames: ['sample'],
      async run({ sample }, out) {
        runs.push({ batch, turns })
        setImmediate(() => turns++)
        milliseconds += 1000 * batch
        await new Promise((done) => setImmediate(done))
        if (closed.has(batch)) throw new Error('The session was closed while it ran.')
        const values = sample.data as Float32Array
        out!.data.set(batch > 1 ? values.map((value) => value + rounding) : values)
        return out!
      },
      close: async () => void closed.add(batch),
    }),
    conditionOn(timestep) {
      if (takesWholeTimesteps && !Number.isInteger(timestep))
        throw new FractionalTimestepError('This graph', timestep)
      return {}
    },
  }
  const { channels, height, width } = info.state
  const denoiser = new Denoiser({
    model: info,
    network: new OnnxNetwork(graphs, { ...onCpu, ...compute }, info.path),
    schedule: createNoiseSchedule({}),
    stateShape: [channels, height, width],
    turns: new Turns(),
  })
  return { denoiser, runs, closed }
}

it('closes the sessions of batch sizes used long ago, but none while it runs', async () => {
  const { denoiser, closed } = await openFake({ provider: 'cuda' })
  const pictures = [1, 2, 3, 4, 5].map((size) => drawTensor(size, [size, ...denoiser.stateShape]))
  const answers = await Promise.all(pictures.map((x) => denoiser.predict(x, 500)))
  expect(answers.map(({ data }) => data)).toEqual(pictures.map(({ data }) => data))
  expect([...closed].sort()).toEqual([1, 2])
})

it('refuses a timestep that its graph does not take, on a graphics card too (would catch work moved off a card that did not fail)', async () => {
  const { denoiser } = await openFake({ provider: 'cuda' }, { takesWholeTimesteps: true })
  const x = drawTensor(1, [1, ...denoiser.stateShape])
  await expect(denoiser.predict(x, 10.5)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(/^This graph takes whole timesteps, .* 10\.5: choose a solver/),
  })
})

describe('a large batch', () => {
  it('lets the event loop run between pictures on the CPU (would catch a healthy engine killed as unresponsive)', async () => {
    const { denoiser, runs } = await openFake({})
    const x = drawTensor(1, [3, ...denoiser.stateShape])
    const { data } = await denoiser.predict(x, 500)
    expect(runs).toEqual([
      { batch: 1, turns: 0 },
      { batch: 1, turns: 1 },
      { batch: 1, turns: 2 },
    ])
    expect(data).toEqual(x.data)
  })

  it('is evaluated in one piece on a graphics card', async () => {
    const { denoiser, runs } = await openFake({ provider: 'cuda' })
    await denoiser.predict(drawTensor(1, [20, ...denoiser.stateShape]), 500)
    expect(runs.map(({ batch }) => batch)).toEqual([20])
  })

  it('is evaluated half at a time on a card whose memory has run out, without comparing', async () => {
    const { denoiser, runs } = await openFake({ provider: 'cuda', parts: 2 }, { activationBytes: 2 ** 18 })
    await denoiser.predict(drawTensor(1, [20, ...denoiser.stateShape]), 500)
    expect(runs.map(({ batch }) => batch)).toEqual([10, 10])
  })

  const small = { activationBytes: 2 ** 18 }

  it('is evaluated in groups on the CPU if the network is small, once a group has given the same bits as its pictures alone', async () => {
    const { denoiser, runs } = await openFake({}, small)
    const x = drawTensor(1, [19, ...denoiser.stateShape])
    expect((await denoiser.predict(x, 500)).data).toEqual(x.data)
    const alone = Array<number>(8).fill(1)
    expect(runs.map(({ batch }) => batch)).toEqual([...alone, 8, 8, 1, 1, 1])
  })

  it('is evaluated picture by picture if groups of them round differently (would catch frames that depend on their neighbours)', async () => {
    const { denoiser, runs } = await openFake({}, { ...small, rounding: 1e-6 })
    const x = drawTensor(1, [16, ...denoiser.stateShape])
    expect((await denoiser.predict(x, 500)).data).toEqual(x.data)
    runs.length = 0
    expect((await denoiser.predict(x, 500)).data).toEqual(x.data)
    expect(runs.map(({ batch }) => batch)).toEqual(Array<number>(16).fill(1))
  })

  it('gives the same bytes as smaller batches of the same pictures, every time', async () => {
    copy = await ModelCopy.of('one-layer')
    const model = await openModel({ path: copy.folder, threads: 2 })
    const x = drawTensor(1, [11, ...model.space.stateShape])
    const whole = await model.denoiser.predict(x, 500)
    const parts = [itemsOf(x, 0, 8), itemsOf(x, 8, 10), itemsOf(x, 10, 11)]
    const answers = []
    for (const part of parts) answers.push(await model.denoiser.predict(part, 500))
    expect(whole.data).toEqual(concatenate(answers).data)
    expect((await model.denoiser.predict(x, 500, { out: createTensor(x.shape) })).data).toEqual(whole.data)
    await model.close()
  })
})

describe('the time of an evaluation', () => {
  it('is that of a picture, without the wait for other requests', async () => {
    const { denoiser } = await openFake({ provider: 'cuda' })
    expect(denoiser.secondsPerEvaluation(1)).toBeNull()
    const states = [1, 20, 1, 20, 1].map((size) => drawTensor(size, [size, ...denoiser.stateShape]))
    await Promise.all(states.map((x) => denoiser.predict(x, 500)))
    expect([denoiser.secondsPerEvaluation(1), denoiser.secondsPerEvaluation(20)]).toEqual([1, 1])
    expect(denoiser.secondsPerEvaluation(3)).toBeNull()
  })

  it('is that of a slice where a batch is evaluated in slices, and is told after each', async () => {
    const { denoiser } = await openFake({ provider: 'cuda', parts: 2 })
    const ends: [number, number][] = []
    const onEnd = (items: number, seconds: number) => void ends.push([items, seconds])
    await denoiser.predict(drawTensor(1, [20, ...denoiser.stateShape]), 500, { onEnd })
    expect(ends).toEqual([
      [10, 10],
      [10, 10],
    ])
    expect(denoiser.secondsPerEvaluation(20)).toBe(1)
  })
})
