import { toFailure, type Failure } from '#shared/errors'
import type { EncodeReport } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import { request } from '../api'
import { stableJson } from '../stableJson'
import { changeJob, enqueueJobs, type EncodeJob } from './encodeQueue'
import { useLibrary, type Picture } from './library'
import { useModel } from './model'
import { useNotices } from './notices'
import { useRecipe } from './recipe'
import { useThumbnails } from './thumbnails'

/** Reports kept at most; the oldest go first. */
const maxReports = 400

/** Turns pictures into latents, one after the other, and keeps what is known of each. */
export const useEncoding = defineStore('encoding', () => {
  const library = useLibrary()
  const model = useModel()
  const recipe = useRecipe()
  const notices = useNotices()
  const thumbnails = useThumbnails()
  const reports = shallowReactive(new Map<string, EncodeReport>())
  const failures = shallowReactive(new Map<string, Failure>())
  const queue = shallowRef<EncodeJob[]>([])
  let running: AbortController | null = null

  const current = computed(() => queue.value.find(({ state }) => state === 'running') ?? null)

  /** Names the latent that a picture has under the present settings, and its way back. */
  function keyOf(picture: Picture): string {
    return stableJson([model.identity, picture.info.sha256, recipe.latentOf(picture), recipe.decode])
  }

  const reportOf = (picture: Picture): EncodeReport | null => reports.get(keyOf(picture)) ?? null
  /** Why a picture has no latent, as far as known: encoding it failed, or would, for it cannot be decoded. */
  const failureOf = (picture: Picture): Failure | null =>
    failures.get(keyOf(picture)) ?? (reportOf(picture) ? null : thumbnails.damageOf(picture))
  const isMissing = (picture: Picture): boolean => !reportOf(picture) && !failureOf(picture)
  const jobOf = (picture: Picture): EncodeJob | null =>
    queue.value.find(({ pictureId }) => pictureId === picture.id) ?? null

  /** Queues what is not encoded yet under the present settings, and with `retry` what failed too. */
  function enqueue(pictures: readonly Picture[], { first = false, retry = false } = {}): void {
    const wishes = pictures
      .filter((picture) => isMissing(picture) || (retry && failureOf(picture)))
      .map((picture) => ({ pictureId: picture.id, key: keyOf(picture) }))
    for (const { key } of wishes) failures.delete(key)
    const outdated = wishes.some(
      ({ pictureId, key }) => pictureId === current.value?.pictureId && key !== current.value.key,
    )
    if (outdated) running?.abort()
    queue.value = enqueueJobs(queue.value, wishes, first)
    void next()
  }

  async function next(): Promise<void> {
    if (running) return
    const job = queue.value[0]
    const picture = job && library.byId.get(job.pictureId)
    if (!job) return
    if (!picture || !model.source || keyOf(picture) !== job.key) return leave(job.key)
    running = new AbortController()
    queue.value = changeJob(queue.value, job.key, { state: 'running' })
    try {
      keep(job.key, await encode(job.key, picture, running.signal))
    } catch (thrown) {
      refuse(job.key, picture, thrown)
    }
    running = null
    leave(job.key)
  }

  function encode(key: string, picture: Picture, signal: AbortSignal): Promise<EncodeReport> {
    return request(
      'latent.encode',
      { ...recipe.latentOf(picture), model: model.source!, decode: recipe.decode, previews: true },
      {
        signal,
        onProgress: (progress) => {
          const preview = progress.preview ?? queue.value.find((job) => job.key === key)?.progress?.preview
          queue.value = changeJob(queue.value, key, { progress: { ...progress, preview } })
        },
      },
    )
  }

  function keep(key: string, report: EncodeReport): void {
    reports.set(key, report)
    if (reports.size > maxReports) reports.delete(reports.keys().next().value!)
  }

  function refuse(key: string, picture: Picture, thrown: unknown): void {
    const failure = toFailure(thrown)
    if (failure.code === 'CANCELLED') return
    failures.set(key, failure)
    const again = { label: 'Try again', run: () => enqueue([picture], { first: true, retry: true }) }
    notices.fail(`${picture.name} was not encoded`, thrown, again)
  }

  function leave(key: string): void {
    queue.value = queue.value.filter((job) => job.key !== key)
    void next()
  }

  /** Takes a picture out of the queue, stopping it within one step when it is at work. */
  function cancel(pictureId: string): void {
    const job = queue.value.find((one) => one.pictureId === pictureId)
    if (job?.state === 'running') running?.abort()
    queue.value = queue.value.filter((one) => one.pictureId !== pictureId || one.state === 'running')
  }

  function cancelAll(): void {
    queue.value = queue.value.filter(({ state }) => state === 'running')
    running?.abort()
  }

  return { reports, queue, current, keyOf, reportOf, failureOf, isMissing, jobOf, enqueue, cancel, cancelAll }
})
