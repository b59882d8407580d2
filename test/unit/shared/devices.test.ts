import { describe, expect, it } from 'vitest'
import { candidateProviders, devices, providers } from '#shared/devices'

describe('the table of devices', () => {
  // From the table of platforms in the README of onnxruntime-node 1.29.
  it.each([
    ['linux', 'x64', ['cuda', 'webgpu']],
    ['linux', 'arm64', []],
    ['win32', 'x64', ['directml', 'webgpu']],
    ['win32', 'arm64', ['directml', 'webgpu']],
    ['darwin', 'arm64', ['coreml', 'webgpu']],
    ['freebsd', 'x64', []],
  ])('offers on %s/%s the providers that the runtime has there', (platform, arch, expected) => {
    expect(candidateProviders(platform, arch)).toEqual(expected)
  })

  it('has the CPU on every platform, only in fp32', () => {
    expect(devices.cpu).toMatchObject({ platforms: null, precisions: ['fp32'] })
  })

  it('has TF32 only with CUDA', () => {
    expect(providers.filter((provider) => devices[provider].precisions.includes('tf32'))).toEqual(['cuda'])
  })

  it('gives each device a unique name and a unique runtime name (would catch a copied row)', () => {
    for (const key of ['name', 'runtimeName'] as const) {
      expect(new Set(providers.map((provider) => devices[provider][key])).size).toBe(providers.length)
    }
  })
})
