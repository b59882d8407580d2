import type { DocumentItem } from '#shared/documentLatents'
import type { Failure } from '#shared/errors'
import { shareOf, type Progress } from '#shared/progress'
import type { LatentReport } from '#shared/reports'
import { reconstructionLabel } from '../labels/fidelityLabels'
import { progressLabel } from '../labels/progressLabels'
import type { EncodeJob } from './encodeQueue'

/** How far an item is from having a latent under the current settings. */
export type PictureState =
  | { readonly kind: 'notEncoded' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'encoding'; readonly progress: Progress | null }
  | { readonly kind: 'encoded'; readonly report: LatentReport }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** It has no latent, and needs a file that is missing: its own, or that of an item that it is made from. */
  | { readonly kind: 'missing'; readonly file: DocumentItem }

/**
 * Derives the state of an item from what is known about it.
 *
 * @param job  its job in the queue, if any; a job that is being stopped counts as none
 * @param lost  the item whose missing file it needs, if any
 */
export function pictureStateOf(
  report: LatentReport | null,
  job: EncodeJob | null,
  failure: Failure | null,
  lost: DocumentItem | null = null,
): PictureState {
  if (report) return { kind: 'encoded', report }
  if (job?.state === 'running') return { kind: 'encoding', progress: job.progress }
  if (job?.state === 'queued') return { kind: 'waiting' }
  if (lost && (!failure || failure.code === 'NOT_FOUND')) return { kind: 'missing', file: lost }
  return failure ? { kind: 'failed', failure } : { kind: 'notEncoded' }
}

/** Returns the share of the encoding that is done, 0 to 1. */
export function encodedShare(state: PictureState): number {
  if (state.kind === 'encoding') return shareOf(state.progress)
  return state.kind === 'encoded' ? 1 : 0
}

/** Describes the state in a short line of its own. */
export function describePictureState(state: PictureState): string {
  switch (state.kind) {
    case 'notEncoded':
      return 'Not encoded'
    case 'waiting':
      return 'Waiting'
    case 'encoding':
      return progressLabel(state.progress)
    case 'encoded':
      return state.report.fidelity ? `Encoded, ${reconstructionLabel(state.report.fidelity)}` : 'Ready'
    case 'failed':
      return state.failure.message
    case 'missing':
      return `${state.file.name} is missing`
  }
}
