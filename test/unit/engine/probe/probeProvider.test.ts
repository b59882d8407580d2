import { expect, it } from 'vitest'
import type { Precision } from '#shared/devices'
import { verify } from '#host/devices/verify'
import type { OnnxSession } from '#engine/model/network/onnx'
import { probeProvider, type OpenSession } from '#engine/probe/probeProvider'

/** A runtime whose CPU returns zeros, and whose WebGPU returns `values` instead. */
function runtimeWhere(values: (length: number) => Float32Array, asked: string[] = []): OpenSession {
  return async (_graph, { provider }): Promise<OnnxSession> => ({
    inputNames: ['sample', 'sinusoids'],
    async run({ sample }) {
      asked.push(provider!)
      const { length } = sample.data
      return { shape: sample.shape, data: provider === 'cpu' ? new Float32Array(length) : values(length) }
    },
    close: async () => undefined,
  })
}

async function judged(values: (length: number) => Float32Array, precision: Precision = 'fp32') {
  const findings = await probeProvider('webgpu', precision, runtimeWhere(values))
  const trial = { provider: 'webgpu', precision } as const
  return verify(trial, { ok: true, findings: { ...findings, device: null, memoryBytes: null } }, () => false)
}

const zeros = (length: number) => new Float32Array(length)

it('accepts a provider whose output equals the CPU’s', async () => {
  expect(await judged(zeros)).toMatchObject({ proved: true, deviation: 0, reason: null })
})

it.each([0.0002, -0.0002])(
  'rejects an output in which a single value is off by %d (would catch a mean in place of a maximum)',
  async (by) => {
    const report = await judged((length) => zeros(length).fill(by, length - 1))
    expect(report).toMatchObject({ proved: false, deviation: expect.closeTo(0.0002, 8) })
    expect(report.reason).toContain('2.0e-4')
  },
)

it.each([NaN, Infinity])(
  'rejects an output that contains %d (would catch a comparison that NaN passes)',
  async (value) => {
    expect(await judged((length) => zeros(length).fill(value, 0, 1))).toMatchObject({ proved: false })
  },
)

it('rejects an output of the wrong size', async () => {
  expect(await judged((length) => zeros(length - 1))).toMatchObject({ proved: false })
})

it('accepts rounding differences, which any other order of summation causes', async () => {
  expect(await judged((length) => zeros(length).fill(3e-6))).toMatchObject({ proved: true })
})

it('accepts half-precision rounding for fp16 but not for fp32', async () => {
  const values = (length: number) => zeros(length).fill(4e-3)
  expect(await judged(values, 'fp16')).toMatchObject({ proved: true })
  expect(await judged(values, 'fp32')).toMatchObject({ proved: false })
})

it('rejects a large batch with an error in its last picture (would catch a check of the small batch only)', async () => {
  const largest = 64 * 3 * 32 * 32
  const report = await judged((length) => zeros(length).fill(length === largest ? 0.2 : 0, length - 1))
  expect(report).toMatchObject({ proved: false, deviation: expect.closeTo(0.2, 6) })
})

it('runs the provider before the CPU, so that a provider that cannot open wastes no CPU time', async () => {
  const asked: string[] = []
  await probeProvider('webgpu', 'fp32', runtimeWhere(zeros, asked))
  expect(asked[0]).toBe('webgpu')
})
