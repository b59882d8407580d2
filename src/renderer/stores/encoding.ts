import { toFailure, type Failure } from '#shared/errors'
import type { Progress } from '#shared/progress'
import type { EncodeReport, LatentReport } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, shallowReactive, shallowRef } from 'vue'
import { request } from '../base/api'
import { stableJson } from '../base/stableJson'
import { changeJobAtWork, enqueueJobs, jobAtWork, type EncodeJob } from '../pictures/encodeQueue'
import { pictureStateOf, type PictureState } from '../pictures/pictureState'
import { isPicture, useLibrary, type Item, type Latent, type Picture } from './library'
import { useModel } from './model'
import { useNotices, type NoticeKind } from './notices'
import { useSettings } from './settings'
import { useThumbnails } from './thumbnails'

/** Reports kept at most besides those in use; the oldest go first. */
const maxReports = 400

/** Turns pictures into latents, one after the other, looks at the latents there are, and keeps what is known of each. */
export const useEncoding = defineStore('encoding', () => {
  const library = useLibrary()
  const model = useModel()
  const settings = useSettings()
  const notices = useNotices()
  const thumbnails = useThumbnails()
  const reports = shallowReactive(new Map<string, EncodeReport>())
  /** Of latents that are no picture's own. */
  const latentReports = shallowReactive(new Map<string, LatentReport>())
  const failures = shallowReactive(new Map<string, Failure>())
  const queue = shallowRef<EncodeJob[]>([])
  let controller: AbortController | null = null

  /** The job that the engine is working on. */
  const current = computed(() => jobAtWork(queue.value))

  /** Names the latent and the reconstruction that a picture has under the current settings. */
  function keyOf(item: Item): string {
    const content = isPicture(item) ? item.info.sha256 : item.id
    return stableJson([model.identity, content, settings.latentOf(item), settings.decode])
  }

  const reportOf = (picture: Picture): EncodeReport | null => reports.get(keyOf(picture)) ?? null
  const latentReportOf = (item: Item): LatentReport | null =>
    isPicture(item) ? reportOf(item) : (latentReports.get(keyOf(item)) ?? null)
  /** Whether the latent of an item is there, or can be had at once. */
  const isReady = (item: Item): boolean => latentReportOf(item) !== null
  /** Why a picture has no latent, as far as known: encoding it failed, or will, because the file is damaged. */
  function failureOf(item: Item): Failure | null {
    const known = failures.get(keyOf(item)) ?? null
    if (known || isReady(item)) return known
    if (isPicture(item)) return thumbnails.damageOf(item)
    return settings.latentOf(item) ? null : notMade(item)
  }
  /** Whether an item has no latent yet, and nothing is known to speak against making it. */
  const isMissing = (item: Item): boolean => !isReady(item) && !failureOf(item)
  /** The job of a picture; not one that was cancelled and only ends its step. */
  const jobOf = (item: Item): EncodeJob | null =>
    queue.value.find(({ itemId, state }) => itemId === item.id && state !== 'stopping') ?? null
  /** How far an item is on its way to a latent. */
  const stateOf = (item: Item): PictureState =>
    pictureStateOf(latentReportOf(item), jobOf(item), failureOf(item))

  /** Queues what is not encoded yet under the current settings, and with `retry` what failed too. */
  function enqueue(items: readonly Item[], { first = false, retry = false } = {}): void {
    const wanted = items
      .filter((item) => settings.latentOf(item) && (isMissing(item) || (retry && failureOf(item))))
      .map((item) => ({ itemId: item.id, key: keyOf(item) }))
    for (const { key } of wanted) failures.delete(key)
    const outdated = wanted.some(
      ({ itemId, key }) => itemId === current.value?.itemId && key !== current.value.key,
    )
    if (outdated) stop()
    queue.value = enqueueJobs(queue.value, wanted, first)
    void next()
  }

  async function next(): Promise<void> {
    const job = queue.value[0]
    if (!job || current.value) return
    const item = library.byId.get(job.itemId)
    const isWanted = item && model.source && keyOf(item) === job.key && !isReady(item)
    if (!isWanted) return leave(job)
    controller = new AbortController()
    queue.value = [{ ...job, state: 'running' }, ...queue.value.slice(1)]
    try {
      if (isPicture(item)) keep(job.key, await encode(item, controller.signal))
      else latentReports.set(job.key, await look(item, controller.signal))
    } catch (thrown) {
      refuse(job.key, item, thrown)
    }
    if (current.value) leave(current.value)
  }

  function encode(picture: Picture, signal: AbortSignal): Promise<EncodeReport> {
    return request(
      'latent.encode',
      { ...settings.pictureLatentOf(picture), model: model.source!, decode: settings.decode, previews: true },
      { signal, onProgress: showProgress },
    )
  }

  /** A mix encodes its pictures on the way; a seed or a file is there at once. */
  function look(latent: Latent, signal: AbortSignal): Promise<LatentReport> {
    const source = settings.latentOf(latent)!
    return request(
      'latent.info',
      { model: model.source!, latent: source },
      { signal, onProgress: showProgress },
    )
  }

  function showProgress(progress: Progress): void {
    const preview = progress.preview ?? current.value?.progress?.preview
    queue.value = changeJobAtWork(queue.value, { progress: { ...progress, preview } })
  }

  function keep(key: string, report: EncodeReport): void {
    reports.set(key, report)
    if (reports.size <= maxReports) return
    const inUse = new Set(library.items.map(keyOf))
    const oldest = [...reports.keys()].find((other) => !inUse.has(other))
    if (oldest !== undefined) reports.delete(oldest)
  }

  function refuse(key: string, item: Item, thrown: unknown): void {
    const failure = toFailure(thrown)
    if (failure.code === 'CANCELLED') return
    failures.set(key, failure)
    const again = { label: 'Try again', run: () => enqueue([item], { first: true, retry: true }) }
    notices.fail(`${item.name} couldn’t be ${failedVerb(item)}`, thrown, again, failedKind)
  }

  const failedKind: NoticeKind = {
    id: 'encoding',
    title: (count) => `${count} items couldn’t be encoded`,
    action: {
      label: 'Try all again',
      run: () => enqueue(library.items.filter(failureOf), { first: true, retry: true }),
    },
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

  /** Takes an item out of the queue, stopping it within one step when it is at work. */
  function cancel(itemId: string): void {
    if (current.value?.itemId === itemId) stop()
    queue.value = queue.value.filter((job) => job.itemId !== itemId || job === current.value)
  }

  function cancelAll(): void {
    stop()
    queue.value = queue.value.filter((job) => job === current.value)
  }

  return {
    reports,
    queue,
    current,
    keyOf,
    reportOf,
    isReady,
    isMissing,
    stateOf,
    enqueue,
    cancel,
    cancelAll,
  }
})

function failedVerb(item: Item): string {
  if (isPicture(item)) return 'encoded'
  return item.kind === 'file' ? 'read' : 'computed'
}

/** Why there is no latent of an item: it, or a part of it, is of a kind that this version cannot make. */
function notMade({ name }: Latent): Failure {
  const message = `“${name}” can’t be made by this version: a newer one made it, or a part of it is gone.`
  return { code: 'UNSUPPORTED', message }
}
