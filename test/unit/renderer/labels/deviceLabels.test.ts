import { expect, it } from 'vitest'
import type { ComputeInfo } from '#shared/reports'
import { badgeOf, computeRows, whyDevice } from '../../../../src/renderer/labels/deviceLabels'

const onCpu: ComputeInfo = {
  asked: 'auto',
  provider: 'cpu',
  device: 'A processor',
  parts: 1,
  reason: null,
  askedPrecision: 'fp32',
  precision: 'fp32',
  runtime: 'onnxruntime-node 1.29.0',
  threads: 2,
}

it('shows that another device is used than the requested one, and why (would catch a silent fallback to the CPU)', () => {
  const replaced: ComputeInfo = { ...onCpu, asked: 'cuda', reason: 'CUDA lacks cuDNN 9.' }
  expect(badgeOf(replaced)).toBe('instead of CUDA')
  expect(whyDevice(replaced)).toBe('CUDA lacks cuDNN 9.')
})

it('shows that a graphics card computes half a batch at a time', () => {
  const half: ComputeInfo = { ...onCpu, provider: 'cuda', device: 'A card', parts: 2, reason: 'It ran out.' }
  expect(badgeOf(half)).toMatch(/half/)
})

it('shows a precision that differs from the requested one, and names TF32 when it is in use', () => {
  const card: ComputeInfo = { ...onCpu, provider: 'cuda', device: 'A card' }
  expect(badgeOf({ ...card, askedPrecision: 'fp16' })).toBe('fp32 instead of fp16')
  expect(badgeOf({ ...card, askedPrecision: 'tf32', precision: 'tf32' })).toBe('A card · TF32')
})

it('names the device when everything is as requested', () => {
  expect(badgeOf(onCpu)).toBe('A processor')
  expect(computeRows(onCpu, 0.027)).toEqual([
    { name: 'Processor', value: 'A processor' },
    { name: 'Precision', value: 'fp32' },
    { name: 'Threads', value: '2' },
    { name: 'Runtime', value: 'onnxruntime-node 1.29.0' },
    { name: 'One evaluation', value: '27 ms' },
  ])
  const onServer: ComputeInfo = { ...onCpu, provider: 'server', device: 'gpu.example:8001' }
  expect(computeRows(onServer, null)[0]).toEqual({ name: 'Server', value: 'gpu.example:8001' })
  const onCard: ComputeInfo = { ...onCpu, provider: 'cuda', device: 'A card' }
  expect(computeRows(onCard, null)[0]).toEqual({ name: 'Graphics card', value: 'A card' })
  // A card whose name is unknown, before it was timed.
  expect(computeRows({ ...onCpu, provider: 'cuda', device: null }, null).map(({ name }) => name)).toEqual([
    'Precision',
    'Runtime',
  ])
})

it('says how the device was chosen when no request was refused', () => {
  expect(whyDevice({ ...onCpu, asked: 'cpu' })).toContain('Settings')
  expect(whyDevice(onCpu)).toContain('automatically')
  expect(whyDevice({ ...onCpu, provider: 'cuda' })).toContain('fastest')
  expect(whyDevice({ ...onCpu, provider: 'cuda' })).toContain('match')
  expect(whyDevice({ ...onCpu, provider: 'cuda', precision: 'fp16' })).not.toContain('match')
})
