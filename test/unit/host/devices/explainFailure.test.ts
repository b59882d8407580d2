import { describe, expect, it } from 'vitest'
import { cudaSetup } from '#shared/devices'
import { explainFailure } from '#host/devices/explainFailure'

const cuda = { provider: 'cuda', precision: 'fp32' } as const
const lacksProvider = {
  ok: false,
  kind: 'failed',
  words:
    'Failed to load shared library libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory',
} as const

const otherVersion = {
  ok: false,
  kind: 'failed',
  words:
    'The requested API version [24] is not available, only API versions [1, 20] are supported in this build.',
} as const

describe('CUDA without its provider file', () => {
  it('is set up where there is a driver', () => {
    const { reason, remedy, isAbsent } = explainFailure(cuda, lacksProvider, () => true)
    expect(reason).toBe('CUDA lacks its provider file libonnxruntime_providers_shared.so.')
    expect(remedy).toBe(cudaSetup)
    expect(isAbsent).toBe(true)
  })

  it('is not offered where there is none (would catch a download of 202 MB without any use)', () => {
    const { reason, remedy, isAbsent } = explainFailure(cuda, lacksProvider, () => false)
    expect(reason).toBe('CUDA finds no NVIDIA driver.')
    expect(remedy).toMatch(/^For an NVIDIA card, install NVIDIA’s driver/)
    expect(isAbsent).toBe(true)
  })
})

describe('CUDA with a provider file of another version', () => {
  it('is set up where there is a driver', () => {
    const { reason, remedy } = explainFailure(cuda, otherVersion, () => true)
    expect(reason).toBe('CUDA has a provider file of another version of onnxruntime.')
    expect(remedy).toBe(cudaSetup)
  })

  it('is not offered where there is none', () => {
    const { reason, remedy, isAbsent } = explainFailure(cuda, otherVersion, () => false)
    expect(reason).toBe('CUDA finds no NVIDIA driver.')
    expect(remedy).toMatch(/^For an NVIDIA card, install NVIDIA’s driver/)
    expect(isAbsent).toBe(true)
  })
})

it.each([
  ['linux', expect.stringContaining('apt-get')],
  ['win32', 'Install or update the graphics card’s driver.'],
  ['darwin', null],
] as const)(
  'without a graphics driver, %s gives advice of its own (would catch apt-get on Windows)',
  (platform, advice) => {
    const words = 'Failed to get a WebGPU adapter: No supported adapters.'
    const webgpu = { provider: 'webgpu', precision: 'fp32' } as const
    const failure = { ok: false, kind: 'failed', words } as const
    const { remedy, isAbsent } = explainFailure(webgpu, failure, () => false, platform)
    expect([remedy, isAbsent]).toEqual([advice, true])
  },
)
