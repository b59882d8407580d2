import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { EngineState } from '#shared/app'
import type { DeviceChoice } from '#shared/devices'
import { unwrap } from '#shared/errors'
import { Devices } from '#host/devices/Devices'
import { ProbeCache } from '#host/devices/ProbeCache'
import { forkEngine } from '#host/forkPort'
import { DeviceAwareClient } from '#host/DeviceAwareClient'
import { newFolder, runCli, tinyModel } from '../fixtures/cli'

const entry = resolve('out/main/engine.js')
const apple = resolve('resources/samples/apple-red-yellow.webp')

/** Real devices with a probe that fails as `kind` says, and a cache in the test's own folder. */
function devicesWith(kind: string, path = join(newFolder(), 'devices.json')): Devices {
  return new Devices({
    startProbe(log) {
      process.env['BROKEN_PROBE'] = kind
      return forkEngine(resolve('test/fixtures/brokenProbe.mjs'), log)
    },
    openProbeCache: () => ProbeCache.open(path, 'this machine'),
    candidates: ['cuda'],
    hasDriver: () => true,
    // Long enough for a process to start; one that hangs is given up sooner than in the app.
    patienceSeconds: kind === 'hang' ? 0.5 : 20,
  })
}

let devices: Devices
const placing: Pick<Devices, 'place' | 'fall'> = {
  place: (model) => devices.place(model),
  fall: (path, placement, cause) => devices.fall(path, placement, cause),
}
const engine = new DeviceAwareClient(() => forkEngine(entry), placing)
afterAll(() => engine.stop())

const rule = { solver: 'ddim', timestepSpacing: 'linear', steps: 2 } as const

async function encodeOn(device: DeviceChoice) {
  const model = { path: tinyModel, threads: 1, device }
  const picture = { path: apple, fit: { mode: 'cover' as const } }
  return unwrap(await engine.request('latent.encode', { model, picture, encode: rule, decode: rule }))
}

describe('a missing or broken device', () => {
  it.each<[string, DeviceChoice, RegExp]>([
    ['provider file', 'cuda', /provider file libonnxruntime_providers_shared\.so.*slerp-studio setup-cuda/],
    ['CUDA 13', 'cuda', /CUDA 13, libcublasLt\.so\.13.*apt-get install/],
    ['CUDA 12', 'cuda', /CUDA 12, libcudart\.so\.12.*apt-get install/],
    ['cuDNN', 'cuda', /cuDNN 9.*apt-get install/],
    ['driver', 'cuda', /driver \(libcuda\.so\.1\).*Install or update/],
    ['version', 'cuda', /another version of onnxruntime.*slerp-studio setup-cuda/],
    ['no card', 'cuda', /finds no NVIDIA card/],
    ['unknown', 'cuda', /not part of this build/],
    ['layers', 'cuda', /cannot run every layer/],
    ['memory', 'cuda', /ran out of memory/],
    ['wrong', 'cuda', /gives wrong results.*1\.0e-2/],
    ['NaN', 'cuda', /gives wrong results.*NaN/],
    ['nonsense', 'cuda', /makes no sense/],
    ['slow', 'auto', /takes 900 ms where the CPU takes 9\.0 ms/],
    ['crash', 'cuda', /crashed while it was checked: SIGSEGV/],
    ['hang', 'cuda', /did not pass its test within 0\.5 s/],
    ['load', 'cuda', /crashed while it was checked: exit code 1/],
  ])('%s: the job runs on the CPU and says why', async (kind, device, reason) => {
    devices = devicesWith(kind)
    const { compute } = await encodeOn(device)
    await devices.close()
    expect(compute).toMatchObject({ asked: device, provider: 'cpu', reason: expect.stringMatching(reason) })
  })

  it.each<[string, RegExp]>([
    ['no fp16', /fp16 is more than the card or its driver can do.*computes in fp32/],
    ['wrong fp16', /fp16 gives wrong results.*2\.0e-2.*computes in fp32/],
  ])('%s: half precision is not used, and the reason is reported', async (kind, reason) => {
    devices = devicesWith(kind)
    const placed = await devices.place({ path: tinyModel, device: 'cuda', precision: 'fp16' })
    await devices.close()
    expect(placed).toMatchObject({ provider: 'cuda', precision: 'fp32', askedPrecision: 'fp16' })
    expect(placed.reason).toMatch(reason)
  })

  it('a truncated cache of device checks proves nothing and does not stop the job', async () => {
    const path = join(newFolder(), 'devices.json')
    writeFileSync(path, '{"fingerprint":"this machine","proofs":[{"report":{"provider":"cuda","pro')
    devices = devicesWith('cuDNN', path)
    expect((await encodeOn('cuda')).compute).toMatchObject({
      provider: 'cpu',
      reason: expect.stringContaining('cuDNN'),
    })
    await devices.close()
  })

  it('an unwritable cache of device checks does not stop the job', async () => {
    const path = join(newFolder(), 'devices.json')
    mkdirSync(path)
    devices = devicesWith('driver', path)
    expect((await encodeOn('cuda')).compute).toMatchObject({ provider: 'cpu' })
    await devices.close()
  })
})

// A provider that this platform lacks, but that seems proved: the runtime's error message is then real.
const foreign = process.platform === 'win32' ? 'coreml' : 'directml'

/** Devices of which one seems proved but cannot work here. */
function seeminglyProved(): Devices {
  return new Devices({
    startProbe: () => {
      throw new Error('already proved')
    },
    openProbeCache: async () => {
      const probeCache = await ProbeCache.open(join(newFolder(), 'devices.json'), 'this machine')
      const good = {
        deviation: 0,
        milliseconds: 1,
        cpuMilliseconds: 2,
        batch: 8,
        reason: null,
        remedy: null,
        isAbsent: false,
      }
      probeCache.keep({
        provider: foreign,
        device: 'A card',
        memoryBytes: null,
        precision: 'fp32',
        proved: true,
        ...good,
      })
      return probeCache
    },
    candidates: [foreign],
  })
}

it('a device that fails during work falls back to half batches, then to the CPU, reports both, and makes correct frames', async () => {
  devices = seeminglyProved()
  const states: EngineState[] = []
  const stop = engine.onState((state) => states.push(state))
  const frames = async (device: DeviceChoice) => {
    const model = { path: tinyModel, threads: 1, device }
    const latents = [1, 2, 3].map((seed) => ({ kind: 'seed' as const, seed }))
    const plan = { kind: 'list' as const, latents }
    return unwrap(await engine.request('animation.frames', { model, plan, indices: [0, 1, 2], decode: rule }))
  }
  const fallen = await frames(foreign)
  const again = await frames(foreign)
  stop()
  const told = states.flatMap(({ message }) => message ?? [])
  expect(told).toEqual([
    expect.stringMatching(/failed.*half of each batch/),
    expect.stringMatching(/even with half of each batch: the CPU/),
  ])
  expect(states.at(-1)?.compute).toMatchObject({ asked: foreign, provider: 'cpu', reason: told[1] })
  const onCpu = await frames('cpu')
  expect(fallen.frames).toEqual(onCpu.frames)
  expect(again.frames).toEqual(onCpu.frames)
})

it('an export whose device fails contains every frame, identical to the CPU’s', async () => {
  devices = seeminglyProved()
  const exported = async (device: DeviceChoice) => {
    const latents = [1, 2, 3, 4, 5].map((seed) => ({ kind: 'seed' as const, seed }))
    const target = { path: join(newFolder(), 'frames.gif'), format: 'gif' as const }
    const report = unwrap(
      await engine.request('animation.export', {
        model: { path: tinyModel, threads: 1, device },
        plan: { kind: 'list', latents },
        decode: rule,
        target,
        batch: 2,
      }),
    )
    return { frames: report.frames, provider: report.compute?.provider, file: readFileSync(target.path) }
  }
  const fallen = await exported(foreign)
  expect(fallen).toMatchObject({ frames: 5, provider: 'cpu' })
  expect(fallen).toEqual(await exported('cpu'))
})

it('compare refuses to compare the CPU with itself', async () => {
  const args = ['compare', apple, '--model', tinyModel, '--steps', '2', '--device', foreign, '--json']
  const { code, stdout } = await runCli(args, newFolder())
  expect(code).toBe(69)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    error: { code: 'UNSUPPORTED', message: expect.stringMatching(/nothing to compare.*is not for/) },
  })
})

it('a command reports on stderr and in its JSON that it does not run on the requested device', async () => {
  const args = ['encode', apple, '--model', tinyModel, '--steps', '2', '--threads', '1', '--device', foreign]
  const { code, stdout, stderr } = await runCli([...args, '--json'], newFolder())
  expect(code).toBe(0)
  const { compute } = JSON.parse(stdout)
  expect(compute).toMatchObject({
    asked: foreign,
    provider: 'cpu',
    reason: expect.stringContaining('is not for'),
  })
  expect(stderr.trim()).toBe(compute.reason)
})
