import { toFailure, type Failure } from '#shared/errors'
import type { EncodeReport } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import { request } from '../base/api'
import { stableJson } from '../base/stableJson'
import { changeJobAtWork, enqueueJobs, jobAtWork, type EncodeJob } from '../pictures/encodeQueue'
import { pictureStateOf, type PictureState } from '../pictures/pictureState'
import { useLibrary, type Picture } from './library'
import { useModel } from './model'
import { useNotices } from './notices'
import { useSettings } from './settings'
import { useThumbnails } from './thumbnails'

/** Reports kept at most besides those in use; the oldest go first. */
const maxReports = 400

/** Turns pictures into latents, one after the other, and keeps what is known of each. */
export const useEncoding = defineStore('encoding', () => {
  const library = useLibrary()
  const model = useModel()
  const settings = useSettings()
  const notices = useNotices()
  const thumbnails = useThumbnails()
  const reports = shallowReactive(new Map<string, EncodeReport>())
  const failures = shallowReactive(new Map<string, Failure>())
  const queue = shallowRef<EncodeJob[]>([])
  let controller: AbortController | null = null

  /** The job that the engine is working on. */
  const current = computed(() => jobAtWork(queue.value))

  /** Names the latent and the reconstruction that a picture has under the current settings. */
  function keyOf(picture: Picture): string {
    return stableJson([model.identity, picture.info.sha256, settings.latentOf(picture), settings.decode])
  }

  const reportOf = (picture: Picture): EncodeReport | null => reports.get(keyOf(picture)) ?? null
  /** Why a picture has no latent, as far as known: encoding it failed, or will, because the file is damaged. */
  const failureOf = (picture: Picture): Failure | null =>
    failures.get(keyOf(picture)) ?? (reportOf(picture) ? null : thumbnails.damageOf(picture))
  /** Whether a picture has no latent yet, and nothing is known to speak against making it. */
  const isMissing = (picture: Picture): boolean => !reportOf(picture) && !failureOf(picture)
  /** The job of a picture; not one that was cancelled and only ends its step. */
  const jobOf = (picture: Picture): EncodeJob | null =>
    queue.value.find(({ pictureId, state }) => pictureId === picture.id && state !== 'stopping') ?? null
  /** How far a picture is on its way to a latent. */
  const stateOf = (picture: Picture): PictureState =>
    pictureStateOf(reportOf(picture), jobOf(picture), failureOf(picture))

  /** Queues what is not encoded yet under the current settings, and with `retry` what failed too. */
  function enqueue(pictures: readonly Picture[], { first = false, retry = false } = {}): void {
    const wanted = pictures
      .filter((picture) => isMissing(picture) || (retry && failureOf(picture)))
      .map((picture) => ({ pictureId: picture.id, key: keyOf(picture) }))
    for (const { key } of wanted) failures.delete(key)
    const outdated = wanted.some(
      ({ pictureId, key }) => pictureId === current.value?.pictureId && key !== current.value.key,
    )
    if (outdated) stop()
    queue.value = enqueueJobs(queue.value, wanted, first)
    void next()
  }

  async function next(): Promise<void> {
    const job = queue.value[0]
    if (!job || current.value) return
    const picture = library.byId.get(job.pictureId)
    const isWanted = picture && model.source && keyOf(picture) === job.key && !reports.has(job.key)
    if (!isWanted) return leave(job)
    controller = new AbortController()
    queue.value = [{ ...job, state: 'running' }, ...queue.value.slice(1)]
    try {
      keep(job.key, await encode(picture, controller.signal))
    } catch (thrown) {
      refuse(job.key, picture, thrown)
    }
    if (current.value) leave(current.value)
  }

  function encode(picture: Picture, signal: AbortSignal): Promise<EncodeReport> {
    return request(
      'latent.encode',
      { ...settings.latentOf(picture), model: model.source!, decode: settings.decode, previews: true },
      {
        signal,
        onProgress: (progress) => {
          const preview = progress.preview ?? current.value?.progress?.preview
          queue.value = changeJobAtWork(queue.value, { progress: { ...progress, preview } })
        },
      },
    )
  }

  function keep(key: string, report: EncodeReport): void {
    reports.set(key, report)
    if (reports.size <= maxReports) return
    const inUse = new Set(library.pictures.map(keyOf))
    const oldest = [...reports.keys()].find((other) => !inUse.has(other))
    if (oldest !== undefined) reports.delete(oldest)
  }

  function refuse(key: string, picture: Picture, thrown: unknown): void {
    const failure = toFailure(thrown)
    if (failure.code === 'CANCELLED') return
    failures.set(key, failure)
    const again = { label: 'Try again', run: () => enqueue([picture], { first: true, retry: true }) }
    notices.fail(`${picture.name} couldn’t be encoded`, thrown, again)
  }

  function leave(job: EncodeJob): void {
    queue.value = queue.value.filter((other) => other !== job)
    void next()
  }

  /** Cancels what the engine is encoding; it ends with the current step. */
  function stop(): void {
    controller?.abort()
    queue.value = changeJobAtWork(queue.value, { state: 'stopping' })
  }

  /** Takes a picture out of the queue, stopping it within one step when it is at work. */
  function cancel(pictureId: string): void {
    if (current.value?.pictureId === pictureId) stop()
    queue.value = queue.value.filter((job) => job.pictureId !== pictureId || job === current.value)
  }

  function cancelAll(): void {
    stop()
    queue.value = queue.value.filter((job) => job === current.value)
  }

  return { reports, queue, current, keyOf, reportOf, isMissing, stateOf, enqueue, cancel, cancelAll }
})
