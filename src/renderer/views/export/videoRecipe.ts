import type { DecodeSettings, EncodeSettings } from '#core/diffusion/settings'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { FramePlan } from '#shared/settings'
import type { ExportOptions } from '../../export/exportChoice'
import type { Picture } from '../../stores/library'

/** All that decides the pixels of a video. */
export interface VideoMaking {
  model: ModelInfo
  plan: FramePlan
  /** The picture of each stop, in order. */
  pictures: readonly Picture[]
  encode: EncodeSettings
  decode: DecodeSettings
  options: ExportOptions
  compute: ComputeInfo | null
}

/**
 * How a video was made, as JSON in the manner of the engine's own recipes: for its comment tag. Pictures are named by
 * file name and hash, never by the path on someone's disk.
 */
export function describeVideo({
  model,
  plan,
  pictures,
  encode,
  decode,
  options,
  compute,
}: VideoMaking): string {
  const { id, sha256, scheduleHash, numTrainTimesteps } = model
  const endTimestep = encode.endTimestep ?? numTrainTimesteps - 1
  return JSON.stringify({
    software: 'Slerp Studio',
    model: { id, sha256, scheduleHash },
    plan: plan.kind === 'path' ? { kind: plan.kind, segments: plan.segments } : { kind: plan.kind },
    stops: pictures.map(({ info, fit, restandardise }) => ({
      source: { name: info.name, sha256: info.sha256 },
      fit,
      encode,
      restandardise,
      endTimestep,
    })),
    decode,
    target: options,
    compute,
  })
}
