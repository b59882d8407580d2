import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Precision, Provider } from '#shared/devices'
import { Devices } from '#host/devices/Devices'
import { ProbeCache } from '#host/devices/ProbeCache'
import type { Findings, ProbeTarget } from '#host/devices/runProbe'
import { createMemoryEngine, type MemoryEngine } from '../../../fixtures/memoryEngine'

const good: Findings = {
  deviation: 1e-6,
  milliseconds: 2,
  cpuMilliseconds: 20,
  device: 'A card',
  memoryBytes: 8e9,
  batch: 64,
}
const model = (device: Provider | 'auto', path = '/model', precision: Precision = 'fp32') => ({
  path,
  device,
  precision,
})

/** Devices whose probes report `findings`; those of other providers stay silent until the test answers. */
function setUp(
  findings: Partial<Record<Provider, Findings>>,
  patienceSeconds = 20,
  rounded: Partial<Record<Precision, Findings>> = {},
) {
  const path = join(mkdtempSync(join(tmpdir(), 'devices-')), 'devices.json')
  const probes = new Map<Provider, MemoryEngine>()
  const tried: string[] = []
  const mayRound: boolean[] = []
  const startProbe = (_log: unknown, allowTf32: boolean) => {
    mayRound.push(allowTf32)
    const engine = createMemoryEngine(1)
    const send: typeof engine.port.send = (message) => {
      const { provider, precision } = (message as { input: ProbeTarget }).input
      tried.push(precision === 'fp32' ? provider : `${provider} ${precision}`)
      probes.set(provider, engine)
      const data = rounded[precision] ?? findings[provider]
      if (data)
        queueMicrotask(() => engine.answer({ type: 'response', id: 'probe', result: { ok: true, data } }))
    }
    return { ...engine.port, send }
  }
  const openProbeCache = () => ProbeCache.open(path, 'machine')
  const missed: string[] = []
  const onReplaced = (reason: string) => missed.push(reason)
  const recheck = 'Check again in Settings.'
  const open = () =>
    new Devices({
      startProbe,
      openProbeCache,
      candidates: ['cuda', 'webgpu'],
      patienceSeconds,
      onReplaced,
      recheck,
    })
  return { open, probes, tried, mayRound, missed }
}

/** Places a model once the probes of all devices have failed with these words. */
async function placeAfter(setup: ReturnType<typeof setUp>, words: Partial<Record<Provider, string>>) {
  const devices = setup.open()
  const before = setup.tried.length
  const placed = devices.place(model('auto'))
  for (const [i, [provider, message]] of Object.entries(words).entries()) {
    await expect.poll(() => setup.tried.length).toBe(before + i + 1)
    const error = { code: 'INTERNAL' as const, message }
    setup.probes
      .get(provider as Provider)!
      .answer({ type: 'response', id: 'probe', result: { ok: false, error } })
  }
  const placement = await placed
  await devices.close()
  return placement
}

const noAdapter = 'Failed to get a WebGPU adapter'
const noProvider =
  'Failed to load library libonnxruntime_providers_shared.so with error: libonnxruntime_providers_shared.so: cannot open shared object file'
const noCublas =
  'Failed to load library libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file'

it('auto chooses the fastest device that passes its check, not the first', async () => {
  const { open } = setUp({ cuda: good, webgpu: { ...good, milliseconds: 1 } })
  expect(await open().place(model('auto'))).toMatchObject({
    provider: 'webgpu',
    device: 'A card',
    reason: null,
  })
})

it('auto skips a device with wrong results, however fast (would catch speed preferred to correctness)', async () => {
  const { open } = setUp({ cuda: { ...good, milliseconds: 0.1, deviation: 0.01 }, webgpu: good })
  expect(await open().place(model('auto'))).toMatchObject({ provider: 'webgpu' })
})

it('uses a slow device when it is requested by name', async () => {
  const { open } = setUp({ webgpu: { ...good, milliseconds: 500 } })
  expect(await open().place(model('webgpu'))).toMatchObject({ provider: 'webgpu', reason: null })
})

it('uses the CPU without a check and without a reason when it is requested by name', async () => {
  const { open, tried } = setUp({})
  expect(await open().place(model('cpu'))).toMatchObject({ provider: 'cpu', reason: null })
  expect(tried).toEqual([])
})

it('checks each device only once for all requests and all later runs', async () => {
  const { open, tried } = setUp({ cuda: good, webgpu: good })
  const devices = open()
  await Promise.all([
    devices.place(model('auto')),
    devices.place(model('cuda')),
    devices.place(model('auto')),
  ])
  await devices.close()
  expect(await open().place(model('webgpu'))).toMatchObject({ provider: 'webgpu' })
  expect(tried).toEqual(['cuda', 'webgpu'])
})

it('does not wait for a silent device twice, and uses it once it passes its check after all', async () => {
  const { open, probes, tried } = setUp({}, 0.05)
  const devices = open()
  expect(await devices.place(model('cuda'))).toMatchObject({
    provider: 'cpu',
    reason: expect.stringContaining('did not pass its test within 0.05 s'),
  })
  expect(await devices.place(model('cuda'))).toMatchObject({ provider: 'cpu' })
  expect(tried).toEqual(['cuda'])
  // As the window words it: its installer may bring no command.
  expect(await devices.known()).toMatchObject([{ remedy: 'Check again in Settings.' }])
  probes.get('cuda')!.answer({ type: 'response', id: 'probe', result: { ok: true, data: good } })
  await expect.poll(() => devices.place(model('cuda'))).toMatchObject({ provider: 'cuda' })
})

it('checks a device again in the next run after a slow start (would catch one slow start that costs the card for a day)', async () => {
  const findings: Partial<Record<Provider, Findings>> = {}
  const { open, tried } = setUp(findings, 0.05)
  const first = open()
  expect(await first.place(model('cuda'))).toMatchObject({ provider: 'cpu' })
  await first.close()
  findings.cuda = good
  expect(await open().place(model('cuda'))).toMatchObject({ provider: 'cuda', reason: null })
  expect(tried).toEqual(['cuda', 'cuda'])
})

it('checks a device again in the next run if it lacked memory, and not if it lacked a library', async () => {
  const setup = setUp({})
  await placeAfter(setup, { cuda: 'CUDA failure 2: out of memory', webgpu: noAdapter })
  expect(await placeAfter(setup, { cuda: noCublas })).toMatchObject({ provider: 'cpu' })
  expect(await placeAfter(setup, {})).toMatchObject({ reason: expect.stringContaining('libcublasLt.so.13') })
  expect(setup.tried).toEqual(['cuda', 'webgpu', 'cuda'])
})

describe('with auto on the CPU', () => {
  it('tells why, if a card of the machine has not passed its test in time', async () => {
    const setup = setUp({ webgpu: { ...good, milliseconds: 500 } }, 0.05)
    const { reason } = await setup.open().place(model('auto'))
    expect(setup.missed).toEqual([reason])
    expect(reason).toContain('CUDA did not pass its test within 0.05 s')
    const other = setUp({})
    await placeAfter(other, { cuda: noCublas, webgpu: noAdapter })
    expect(other.missed).toEqual([expect.stringContaining('libcublasLt.so.13')])
  })

  it.each([
    ['there is neither a provider nor a card', { cuda: noProvider, webgpu: noAdapter }],
    [
      'there is no NVIDIA driver',
      { cuda: 'libcuda.so.1: cannot open shared object file', webgpu: noAdapter },
    ],
    ['there is no NVIDIA card', { cuda: 'no CUDA-capable device is detected', webgpu: noAdapter }],
  ])('says nothing if %s', async (_, words) => {
    const setup = setUp({})
    expect(await placeAfter(setup, words)).toMatchObject({
      provider: 'cpu',
      reason: expect.stringContaining('WebGPU finds no graphics card'),
    })
    expect(setup.missed).toEqual([])
  })

  it('says nothing if the card works and is slower', async () => {
    const setup = setUp({ cuda: { ...good, milliseconds: 500 }, webgpu: { ...good, milliseconds: 500 } })
    expect(await setup.open().place(model('auto'))).toMatchObject({ provider: 'cpu' })
    expect(setup.missed).toEqual([])
  })
})

it('ends a probe that is still running when the devices are closed', async () => {
  const { open, probes } = setUp({}, 0.05)
  const devices = open()
  await devices.place(model('cuda'))
  await devices.close()
  expect(probes.get('cuda')!.killed()).toBe(true)
})

it('steps down only for the model that failed, until the devices are checked again', async () => {
  const { open } = setUp({ cpu: good, cuda: good, webgpu: good })
  const devices = open()
  const placed = await devices.place(model('cuda'))
  const half = devices.fall('/model', placed, 'CUDA ran out of memory')!
  expect(half).toMatchObject({
    provider: 'cuda',
    parts: 2,
    reason: expect.stringContaining('ran out of memory'),
  })
  expect(await devices.place(model('auto'))).toMatchObject({ asked: 'auto', provider: 'cuda', parts: 2 })
  expect(devices.fall('/model', half, 'CUDA ran out of memory')).toMatchObject({ provider: 'cpu', parts: 1 })
  expect(await devices.place(model('cuda'))).toMatchObject({ provider: 'cpu' })
  expect(await devices.place(model('cuda', '/other'))).toMatchObject({
    provider: 'cuda',
    parts: 1,
    reason: null,
  })
  await devices.check()
  expect(await devices.place(model('cuda'))).toMatchObject({ provider: 'cuda', parts: 1, reason: null })
})

describe('precision', () => {
  it('is fp32 by default, and no other precision is tried (would catch rounding that nobody chose)', async () => {
    const { open, tried, mayRound } = setUp({ cuda: good })
    expect(await open().place(model('cuda'))).toMatchObject({ precision: 'fp32', reason: null })
    expect(tried).toEqual(['cuda'])
    expect(mayRound).toEqual([false])
  })

  it('is the requested one once the device passes a check in it; TF32 is checked in a process that may round', async () => {
    const { open, tried, mayRound } = setUp({ cuda: good }, 20, { tf32: { ...good, deviation: 2e-3 } })
    const placed = await open().place(model('cuda', '/model', 'tf32'))
    expect(placed).toMatchObject({ provider: 'cuda', precision: 'tf32', reason: null })
    expect(tried).toEqual(['cuda', 'cuda tf32'])
    expect(mayRound).toEqual([false, true])
  })

  it('falls back to fp32 on the same device, and says why, when the results are too inaccurate', async () => {
    const { open } = setUp({ cuda: good }, 20, { fp16: { ...good, deviation: 0.02 } })
    expect(await open().place(model('cuda', '/model', 'fp16'))).toMatchObject({
      provider: 'cuda',
      precision: 'fp32',
      askedPrecision: 'fp16',
      reason: expect.stringMatching(/fp16 gives wrong results.*2\.0e-2.*computes in fp32/),
    })
  })

  it('is fp32, and the reason is given, on the CPU and where the provider lacks the requested one', async () => {
    const { open } = setUp({ webgpu: good })
    const devices = open()
    expect(await devices.place(model('cpu', '/model', 'fp16'))).toMatchObject({
      precision: 'fp32',
      askedPrecision: 'fp16',
      reason: 'The CPU computes in fp32.',
    })
    expect(await devices.place(model('webgpu', '/model', 'tf32'))).toMatchObject({
      provider: 'webgpu',
      precision: 'fp32',
      reason: 'WebGPU has no TF32. It computes in fp32.',
    })
  })

  it('falls back to fp32 with halved batches after NaN, but is kept when only memory ran out', async () => {
    const { open } = setUp({ cuda: good })
    const devices = open()
    const placed = await devices.place(model('cuda', '/model', 'fp16'))
    const short = devices.fall('/model', placed, 'CUDA ran out of memory')
    expect(short).toMatchObject({ precision: 'fp16', parts: 2 })
    const overflowed = devices.fall('/model', placed, 'CUDA failed (NaN or infinity at timestep 3)')
    expect(overflowed).toMatchObject({
      provider: 'cuda',
      precision: 'fp32',
      parts: 2,
      reason: expect.stringContaining('in fp32'),
    })
  })

  it('keeps its fallback for later requests, and falls further from there', async () => {
    const { open } = setUp({ cuda: good })
    const devices = open()
    const wanted = model('cuda', '/model', 'fp16')
    const broken = 'CUDA failed (NaN or infinity at timestep 3)'
    const half = devices.fall('/model', await devices.place(wanted), broken)!
    expect(await devices.place(wanted)).toMatchObject({ provider: 'cuda', precision: 'fp32', parts: 2 })
    devices.fall('/model', half, broken)
    expect(await devices.place(wanted)).toMatchObject({ provider: 'cpu', askedPrecision: 'fp16' })
  })

  it('stays TF32, with halved batches, after a failure in TF32', async () => {
    const { open } = setUp({ cuda: good })
    const devices = open()
    const placed = await devices.place(model('cuda', '/model', 'tf32'))
    expect(devices.fall('/model', placed, 'CUDA stopped')).toMatchObject({ precision: 'tf32', parts: 2 })
  })

  it('is checked for every value that a device supports, except on a device that already fails in fp32', async () => {
    const { open, tried } = setUp({ cpu: good, cuda: good, webgpu: { ...good, deviation: 1 } })
    await open().check()
    expect(tried).toEqual(['cpu', 'cuda', 'cuda tf32', 'cuda fp16', 'webgpu'])
  })
})

it('has no fallback below the CPU', async () => {
  const { open } = setUp({})
  const devices = open()
  expect(devices.fall('/model', await devices.place(model('cpu')), 'anything')).toBeNull()
})
