import { expect, it } from 'vitest'
import { judge } from '../../../../src/main/engine/devices/judge'
import type { OnnxSession } from '../../../../src/main/engine/model/onnx'
import { probeProvider, type OpenSession } from '../../../../src/main/engine/model/probe/probeProvider'

/** A runtime whose CPU answers zeros, and whose WebGPU answers `values` in their place. */
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

async function judged(values: (length: number) => Float32Array) {
  const findings = await probeProvider('webgpu', runtimeWhere(values))
  return judge('webgpu', { ok: true, findings: { ...findings, device: null, memoryBytes: null } })
}

const zeros = (length: number) => new Float32Array(length)

it('accepts a provider that answers as the CPU does', async () => {
  expect(await judged(zeros)).toMatchObject({ proved: true, deviation: 0, reason: null })
})

it.each([0.0002, -0.0002])(
  'refuses one wrong value of %d among all (would catch a mean in place of a maximum)',
  async (by) => {
    const report = await judged((length) => zeros(length).fill(by, length - 1))
    expect(report).toMatchObject({ proved: false, deviation: expect.closeTo(0.0002, 8) })
    expect(report.reason).toContain('2.0e-4')
  },
)

it.each([NaN, Infinity])('refuses %d (would catch a comparison that NaN passes)', async (value) => {
  expect(await judged((length) => zeros(length).fill(value, 0, 1))).toMatchObject({ proved: false })
})

it('refuses an answer of another size', async () => {
  expect(await judged((length) => zeros(length - 1))).toMatchObject({ proved: false })
})

it('accepts differences of rounding, as every other order of summation makes them', async () => {
  expect(await judged((length) => zeros(length).fill(3e-6))).toMatchObject({ proved: true })
})

it('asks the provider before the CPU: one that cannot open costs no more', async () => {
  const asked: string[] = []
  await probeProvider('webgpu', runtimeWhere(zeros, asked))
  expect(asked[0]).toBe('webgpu')
})
