import type { Progress } from '#shared/progress'

/** One picture on its way to becoming a latent. */
export interface EncodeJob {
  readonly pictureId: string
  /** Names what the report will be of: picture, fit, model and settings. */
  readonly key: string
  readonly state: 'queued' | 'running'
  readonly progress: Progress | null
}

/**
 * The queue with more jobs in it. A picture waits at most once: a newer wish replaces the older one, unless that is
 * running for the same content already.
 *
 * @param first  puts them before all that wait
 */
export function enqueueJobs(
  queue: readonly EncodeJob[],
  wishes: readonly { pictureId: string; key: string }[],
  first: boolean,
): EncodeJob[] {
  const fresh = wishes.filter(({ key }) => !queue.some((job) => job.key === key && job.state === 'running'))
  const replaced = new Set(fresh.map(({ pictureId }) => pictureId))
  const kept = queue.filter((job) => job.state === 'running' || !replaced.has(job.pictureId))
  const jobs = fresh.map((wish): EncodeJob => ({ ...wish, state: 'queued', progress: null }))
  const running = kept.filter(({ state }) => state === 'running')
  const waiting = kept.filter(({ state }) => state === 'queued')
  return first ? [...running, ...jobs, ...waiting] : [...running, ...waiting, ...jobs]
}

/** The queue with one job changed. */
export function changeJob(
  queue: readonly EncodeJob[],
  key: string,
  changes: Partial<EncodeJob>,
): EncodeJob[] {
  return queue.map((job) => (job.key === key ? { ...job, ...changes } : job))
}
