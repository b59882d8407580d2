import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { unwrap } from '#shared/errors'
import type { DeviceReport, Provider } from '#shared/devices'
import { choose } from '#host/devices/selectDevice'
import { Devices } from '#host/devices/Devices'
import { ProbeCache } from '#host/devices/ProbeCache'
import { forkEngine } from '#host/forkPort'
import { decodeNpy } from '#engine/model/weights/npy'
import { DeviceAwareClient } from '#host/DeviceAwareClient'
import { readFileSync } from 'node:fs'
import { runCli, tinyModel } from '../fixtures/cli'
import { findSoftwareVulkan } from '../fixtures/softwareVulkan'
import { largestDifference } from '../golden/goldenUnet'

const driver = findSoftwareVulkan()
if (driver !== null) process.env['VK_DRIVER_FILES'] = driver

const folder = mkdtempSync(join(tmpdir(), 'webgpu-'))
const devices = new Devices({
  startProbe: (log) => forkEngine(resolve('out/main/probe.js'), log),
  openProbeCache: () => ProbeCache.open(join(folder, 'devices.json'), 'this machine'),
  candidates: ['webgpu'],
  limitSeconds: 240,
})
const engine = new DeviceAwareClient(() => forkEngine(resolve('out/main/engine.js')), devices)
afterAll(() => engine.stop())

/** The latent of a picture after two steps, encoded on one device. */
async function encodeOn(device: Provider): Promise<Float32Array> {
  const path = join(folder, `${device}.npy`)
  const rule = { solver: 'ddim', timestepSpacing: 'linear', steps: 2 } as const
  const picture = {
    path: resolve('resources/samples/apple-red-yellow.webp'),
    fit: { mode: 'cover' as const },
  }
  const { compute } = unwrap(
    await engine.request('latent.save', {
      model: { path: resolve('test/golden/fixtures/unet/gray-no-mid-attention'), threads: 1, device },
      latent: { kind: 'picture', picture, encode: rule },
      decode: rule,
      path,
    }),
  )
  expect(compute).toMatchObject({ provider: device, reason: null })
  return decodeNpy(readFileSync(path)).data
}

// The first evaluation of every graph compiles all its shaders, which is slow in software too.
describe.runIf(driver !== null)('WebGPU in software', { timeout: 600_000 }, () => {
  let report: DeviceReport | undefined

  it('passes its check: it runs the whole test network and agrees with the CPU', async () => {
    report = (await devices.check()).find(({ provider }) => provider === 'webgpu')
    expect(report).toMatchObject({ proved: true, reason: null, device: 'SwiftShader, in software' })
    expect(report?.deviation).toBeGreaterThan(0)
    expect(report?.deviation).toBeLessThan(1e-4)
  })

  it('is not chosen automatically, because it is slower than the CPU', () => {
    expect(choose('auto', [report!])).toMatchObject({
      provider: 'cpu',
      reason: expect.stringMatching(/SwiftShader.*works, but/),
    })
  })

  it('falls back from half precision to fp32 and says why', async () => {
    const asked = { path: tinyModel, device: 'webgpu', precision: 'fp16' } as const
    expect(await devices.place(asked)).toMatchObject({
      provider: 'webgpu',
      precision: 'fp32',
      reason: expect.stringMatching(/WebGPU in fp16 is more than the card/),
    })
  })

  it('is compared with the CPU by the compare command (would catch one device’s figures shown for both)', async () => {
    const pictures = ['apple-red', 'tomato-maroon'].map((name) => resolve(`resources/samples/${name}.webp`))
    const args = ['compare', ...pictures, '-m', tinyModel, '--steps', '2', '--device', 'webgpu', '--json']
    // A command waits only seconds for a device to pass its test, and this one takes longer.
    await runCli(['devices'], folder)
    const { stdout } = await runCli(args, folder)
    const { cpu, device, differences } = JSON.parse(stdout)
    expect([cpu.compute.provider, device.compute.provider]).toEqual(['cpu', 'webgpu'])
    expect(differences).toHaveLength(2)
    for (const difference of differences) {
      expect(difference).toBeGreaterThan(0)
      expect(difference).toBeLessThan(1e-3)
    }
    expect(device.mse / cpu.mse).toBeCloseTo(1, 3)
  })

  it('encodes to the same latent as the CPU (would catch a session that differs from the one that was checked)', async () => {
    expect(largestDifference(await encodeOn('webgpu'), await encodeOn('cpu'))).toBeLessThan(1e-4)
  })
})
