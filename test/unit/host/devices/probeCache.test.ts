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

it('keeps passed and failed checks for the next run', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine', () => hour)
  expect(file.get(cuda)).toEqual(proved)
  expect(file.get(webgpu)).toEqual(missing)
})

it('ignores the checks of another machine fingerprint, such as one with a newer driver', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine with a newer driver')
  expect(file.get(cuda)).toBeUndefined()
})

it('does not accept a check in one precision for another', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine', () => hour)
  expect(file.get({ ...cuda, precision: 'fp16' })).toBeUndefined()
})

it('forgets a failed check after a day, and keeps a passed one', async () => {
  await written()
  const file = await ProbeCache.open(path, 'machine', () => 25 * hour)
  expect(file.get(webgpu)).toBeUndefined()
  expect(file.get(cuda)).toEqual(proved)
})

it('reads nothing from a truncated file (would catch a partial check accepted as a passed one)', async () => {
  await written()
  const whole = await readFile(path)
  for (let length = 0; length < whole.length; length += 37) {
    await writeFile(path, whole.subarray(0, length))
    expect((await ProbeCache.open(path, 'machine', () => 0)).get(cuda)).toBeUndefined()
  }
})
