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
