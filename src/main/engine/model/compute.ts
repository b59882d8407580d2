import { availableParallelism } from 'node:os'
import type { Placement } from '#shared/devices'
import type { ComputeInfo } from '#shared/reports'
import type { ModelSource } from '#shared/settings'

/** What opens a model: a source that need not say how. */
export type OpenableModel = Pick<ModelSource, 'path' | 'threads'> & Partial<ModelSource>

/** What computes for a model that is opened so: the CPU, unless a device that has proved itself was given. */
export function computeInfoOf(source: OpenableModel, runtime: string): ComputeInfo {
  return {
    ...(source.placement ?? withoutPlacement(source)),
    precision: 'fp32',
    runtime,
    threads: source.threads || availableParallelism(),
  }
}

function withoutPlacement({ device: asked = 'cpu' }: OpenableModel): Placement {
  const reason = asked === 'cpu' ? null : 'No device was checked before this was computed.'
  return { asked, provider: 'cpu', device: null, parts: 1, reason }
}
