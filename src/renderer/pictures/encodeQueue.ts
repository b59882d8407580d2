import type { Progress } from '#shared/progress'

/** One library item that is to be turned into a latent. */
export interface EncodeJob {
  readonly itemId: string
  /** Identifies what the report depends on: picture, fit, model and settings. */
  readonly key: string
  /** At most one job is at work: running, or stopping until the engine has finished its step. */
  readonly state: 'queued' | 'running' | 'stopping'
  readonly progress: Progress | null
}

/**
 * Returns the queue with jobs added. An item waits at most once: a newer request replaces an older one. A
 * request whose content is already being encoded adds no job.
 *
 * @param first  puts the new jobs before all waiting ones
 */
export function enqueueJobs(
  queue: readonly EncodeJob[],
  wanted: readonly { itemId: string; key: string }[],
  first: boolean,
): EncodeJob[] {
  const fresh = wanted.filter(
    ({ itemId, key }, at) =>
      wanted.findIndex((one) => one.itemId === itemId) === at &&
      !queue.some((job) => job.key === key && job.state === 'running'),
  )
  const replaced = new Set(fresh.map(({ itemId }) => itemId))
  const kept = queue.filter((job) => job.state !== 'queued' || !replaced.has(job.itemId))
  const jobs = fresh.map((one): EncodeJob => ({ ...one, state: 'queued', progress: null }))
  const atWork = kept.filter(({ state }) => state !== 'queued')
  const waiting = kept.filter(({ state }) => state === 'queued')
  return first ? [...atWork, ...jobs, ...waiting] : [...atWork, ...waiting, ...jobs]
}

/** The job that the engine is working on, if any. */
export function jobAtWork(queue: readonly EncodeJob[]): EncodeJob | null {
  return queue.find(({ state }) => state !== 'queued') ?? null
}

/** Returns the queue with the job at work changed. */
export function changeJobAtWork(queue: readonly EncodeJob[], changes: Partial<EncodeJob>): EncodeJob[] {
  return queue.map((job) => (job.state === 'queued' ? job : { ...job, ...changes }))
}
