import type { Failure } from '#shared/errors'
import type { ExportRequest } from './exportRequest'

/** An export that is waiting, running or has ended. */
export interface ExportJob {
  readonly id: string
  readonly request: ExportRequest
  /** `asking`: it would replace something, and waits for the user’s answer. */
  readonly state: 'waiting' | 'running' | 'asking' | 'done' | 'failed' | 'cancelled'
  /** Share done, 0 to 1. */
  readonly share: number
  readonly etaSeconds: number | null
  readonly activity: string
  readonly bytes: number | null
  readonly failure: Failure | null
  /** For `asking`: what would be replaced, something on the disk or the result of another export. */
  readonly clash: 'disk' | 'export' | null
}

/** Returns an export that waits for its turn. */
export function waitingExport(id: string, request: ExportRequest): ExportJob {
  return {
    id,
    request,
    state: 'waiting',
    share: 0,
    etaSeconds: null,
    activity: 'Starting',
    bytes: null,
    failure: null,
    clash: null,
  }
}

/** Returns the exports that wait for their turn, in order. */
export function waitingExports(jobs: readonly ExportJob[]): ExportJob[] {
  return jobs.filter(({ state }) => state === 'waiting')
}

/** Whether an export has ended for good. A failed one has not, because it can be resumed. */
export function hasEnded({ state }: ExportJob): boolean {
  return state === 'done' || state === 'cancelled'
}

/** Returns the list with one export changed. */
export function changeExport(
  jobs: readonly ExportJob[],
  id: string,
  changes: Partial<ExportJob>,
): ExportJob[] {
  return jobs.map((job) => (job.id === id ? { ...job, ...changes } : job))
}

/**
 * Returns the list with a waiting export one place earlier (-1) or later (1) among the waiting ones. All other
 * exports keep their places.
 */
export function moveExport(jobs: readonly ExportJob[], id: string, by: -1 | 1): ExportJob[] {
  const waiting = waitingExports(jobs)
  const at = waiting.findIndex((job) => job.id === id)
  const [moved, other] = [waiting[at], waiting[at + by]]
  if (!moved || !other) return [...jobs]
  return jobs.map((job) => (job === moved ? other : job === other ? moved : job))
}

/** Returns the list with a failed export at its end, unless it is still in the list. */
export function restoreExport(
  jobs: readonly ExportJob[],
  id: string,
  request: ExportRequest,
  failure: Failure,
): ExportJob[] {
  if (jobs.some((job) => job.id === id)) return [...jobs]
  return [...jobs, { ...waitingExport(id, request), state: 'failed', failure }]
}

/** Whether another export that runs, waits or asks writes to the same path as this one. */
export function sharesPlace(jobs: readonly ExportJob[], { id, request }: ExportJob): boolean {
  const others = jobs.filter((job) => job.id !== id && job.request.path === request.path)
  return others.some((job) => job.state !== 'failed' && !hasEnded(job))
}

/** Returns whether an export other than `id` has not ended and writes to this path. */
export function isWrittenByOther(jobs: readonly ExportJob[], id: string, path: string): boolean {
  return jobs.some((job) => job.id !== id && job.request.path === path && !hasEnded(job))
}
