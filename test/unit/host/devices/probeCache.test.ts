import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { refused } from '#host/devices/verify'
import { ProbeCache } from '#host/devices/ProbeCache'

const cuda = { provider: 'cuda', precision: 'fp32' } as const
const webgpu = { provider: 'webgpu', precision: 'fp32' } as const
const proved = {
  ...refused(cuda, { reason: null, remedy: null }),
  proved: true,
  device: 'A card',
  deviation: 1e-6,
  milliseconds: 1,
  cpuMilliseconds: 20,
  batch: 8,
}
const missing = refused(webgpu, { reason: 'No adapter.', remedy: null })
const hour = 3600 * 1000

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofs-'))
  path = join(folder, 'below', 'devices.json')
})
afterEach(() => rm(folder, { recursive: true }))

async function written(now = 0): Promise<void> {
  const file = await ProbeCache.open(path, 'machine', () => now)
  file.keep(proved)
  file.keep(missing)
  await file.idle()
}

it('tells the next run what was proved and what was not', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine', () => hour)
  expect(file.get(cuda)).toEqual(proved)
  expect(file.get(webgpu)).toEqual(missing)
})

it('holds for one machine: another driver, card or runtime is another fingerprint', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine with a newer driver')
  expect(file.get(cuda)).toBeUndefined()
})

it('takes a proof at one precision for none at another', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine', () => hour)
  expect(file.get({ ...cuda, precision: 'fp16' })).toBeUndefined()
})

it('lets what failed be tried again after a day, and keeps what was proved', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine', () => 25 * hour)
  expect(file.get(webgpu)).toBeUndefined()
  expect(file.get(cuda)).toEqual(proved)
})

it('reads nothing out of any cut of its file (would catch half a proof taken for one)', async () => {
  await written()
  const whole = await readFile(path)
  for (let length = 0; length < whole.length; length += 37) {
    await writeFile(path, whole.subarray(0, length))
    expect((await ProbeCache.open(path, 'machine', () => 0)).get(cuda)).toBeUndefined()
  }
})
