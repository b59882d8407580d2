import { availableParallelism } from 'node:os'
import type { Placement } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'
import type { ModelSource } from '#shared/modelSource'

/** A source to open; everything but its path and threads is optional. */
export type OpenableModel = Pick<ModelSource, 'path' | 'threads'> & Partial<ModelSource>

/** Returns what computes for a model: the CPU, unless a device that passed its checks was given. */
export function computeInfoOf(source: OpenableModel, runtime: string): ComputeInfo {
  const { capacity: _, ...placed } = source.placement ?? withoutPlacement(source)
  return {
    ...placed,
    runtime,
    threads: source.threads || availableParallelism(),
  }
}

function withoutPlacement({ device = 'cpu', precision = 'fp32' }: OpenableModel): Placement {
  const unasked = device === 'cpu' && precision === 'fp32'
  return {
    asked: device,
    askedPrecision: precision,
    provider: 'cpu',
    precision: 'fp32',
    device: null,
    parts: 1,
    reason: unasked ? null : 'No device was checked before this was computed.',
  }
}
