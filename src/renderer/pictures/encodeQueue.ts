import type { Progress } from '#shared/progress'

/** One item of the library on its way to a latent. */
export interface EncodeJob {
  readonly itemId: string
  /** Names what the report will be of: picture, fit, model and settings. */
  readonly key: string
  /** At most one is at work: running, or stopping until the engine has ended its step. */
  readonly state: 'queued' | 'running' | 'stopping'
  readonly progress: Progress | null
}

/**
 * The queue with more jobs in it. An item waits at most once: a newer request replaces the older one, unless that is
 * running for the same content already.
 *
 * @param first  puts them before all that wait
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

/** The queue with that job changed. */
export function changeJobAtWork(queue: readonly EncodeJob[], changes: Partial<EncodeJob>): EncodeJob[] {
  return queue.map((job) => (job.state === 'queued' ? job : { ...job, ...changes }))
}
