import { referencesOf } from '#shared/documentLatents'
import { toFailure } from '#shared/errors'
import type { Progress } from '#shared/progress'
import type { EncodeReport, LatentReport } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { request } from '../base/api'
import type { Ending } from '../labels/endings'
import { changeJobAtWork, enqueueJobs, jobAtWork, type EncodeJob } from '../pictures/encodeQueue'
import { pictureStateOf, type PictureState } from '../pictures/pictureState'
import { useKnownLatents } from './knownLatents'
import { isPicture, useLibrary, type Item, type Latent, type Picture } from './library'
import { useMissing } from './missing'
import { useModel } from './model'
import { useNotices, type NoticeKind } from './notices'
import { usePace } from './pace'
import { useSettings } from './settings'

/** Encodes pictures one after the other, inspects other latents, and stores what is known about each. */
export const useEncoding = defineStore('encoding', () => {
  const library = useLibrary()
  const model = useModel()
  const settings = useSettings()
  const missing = useMissing()
  const notices = useNotices()
  const pace = usePace()
  const known = useKnownLatents()
  const { keyOf, isReady, isMissing, failureOf } = known
  const queue = shallowRef<EncodeJob[]>([])
  /** How jobs have ended since the queue was last empty, in order. */
  const endings = shallowRef<readonly Ending[]>([])
  let controller: AbortController | null = null

  /** The job that the engine is working on. */
  const current = computed(() => jobAtWork(queue.value))

  /** Returns the item whose missing file an item needs: itself, or one that it is made from; null if there is none. */
  function lostFileOf(item: Item, seen = new Set<string>()): Item | null {
    if (missing.isMissing(item)) return item
    if (isPicture(item) || seen.has(item.id)) return null
    seen.add(item.id)
    for (const id of referencesOf(item)) {
      const part = library.byId.get(id)
      const lost = part ? lostFileOf(part, seen) : null
      if (lost) return lost
    }
    return null
  }
  /** Whether it makes sense to offer to encode an item: it has no latent yet, and all files that it needs are there. */
  const canEncode = (item: Item): boolean => isMissing(item) && !lostFileOf(item)
  /** The job of an item; a cancelled job that is only finishing its step does not count. */
  const jobOf = (item: Item): EncodeJob | null =>
    queue.value.find(({ itemId, state }) => itemId === item.id && state !== 'stopping') ?? null
  const keys = computed(() => new Map(library.items.map((item) => [item.id, keyOf(item)])))
  /** The items whose jobs were queued or begun under earlier settings. */
  const outdated = computed(() =>
    queue.value.flatMap((job) => {
      const item = library.byId.get(job.itemId)
      return item && job.state !== 'stopping' && isOutdated(job) ? [item] : []
    }),
  )
  /** How far an item is from having a latent. */
  const stateOf = (item: Item): PictureState =>
    pictureStateOf(known.latentReportOf(item), jobOf(item), failureOf(item), lostFileOf(item))

  /**
   * Queues items that are not encoded yet under the current settings; with `retry`, failed ones too. Those whose files
   * are missing come before the others: a kept latent is there at once, and otherwise nothing can be done.
   */
  function enqueue(items: readonly Item[], { first = false, retry = false } = {}): void {
    const lost = items.filter((item) => lostFileOf(item))
    const wanted = [...new Set([...lost, ...items])]
      .filter((item) => settings.latentOf(item) && (isMissing(item) || (retry && failureOf(item))))
      .map((item) => ({ itemId: item.id, key: keyOf(item) }))
    for (const { key } of wanted) known.forgetFailure(key)
    if (queue.value.length === 0 && wanted.length > 0) endings.value = []
    const { itemId: idAtWork, key: keyAtWork } = current.value ?? {}
    // Also if there is nothing to do for the item: its latent may be ready under today’s settings.
    if (items.some((item) => item.id === idAtWork && keyOf(item) !== keyAtWork)) stop()
    queue.value = enqueueJobs(queue.value, wanted, first)
    void next()
  }

  async function next(): Promise<void> {
    const job = queue.value[0]
    if (!job || current.value) return
    const item = library.byId.get(job.itemId)
    if (!item || !isWanted(job, item)) return leave(job)
    controller = new AbortController()
    const key = keyOf(item)
    queue.value = [{ ...job, key, state: 'running' }, ...queue.value.slice(1)]
    let ending: Ending | null = 'finished'
    try {
      if (isPicture(item)) known.keepReport(key, await encode(item, controller.signal))
      else known.keepLatentReport(key, await look(item, controller.signal))
    } catch (thrown) {
      ending = refuse(key, item, thrown)
    }
    const ended = jobAtWork(queue.value)
    if (ended?.state !== 'stopping') endings.value = [...endings.value, ...(ending ? [ending] : [])]
    else if (!isOutdated(ended)) endings.value = [...endings.value, 'cancelled']
    if (ended) leave(ended)
  }

  /** Whether a job still has something to do. A job that waited while the settings changed uses the new ones. */
  function isWanted({ key }: EncodeJob, item: Item): boolean {
    if (!model.source || !settings.latentOf(item)) return false
    return key === keyOf(item) ? !isReady(item) : isMissing(item)
  }

  /** Whether the settings have changed since a job began, so that it was stopped for them and not by the user. */
  function isOutdated({ itemId, key }: EncodeJob): boolean {
    const now = keys.value.get(itemId)
    return now !== undefined && now !== key
  }

  async function encode(picture: Picture, signal: AbortSignal): Promise<EncodeReport> {
    const report = await request(
      'latent.encode',
      { ...settings.pictureLatentOf(picture), model: model.source!, decode: settings.decode, previews: true },
      { signal, onProgress: showProgress },
    )
    void pace.notice()
    return report
  }

  /**
   * Inspects a latent. For a mix, the engine encodes its pictures first; a seed or a file is available at once.
   */
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

  /** Notes why an item has no latent; null if its file is missing, which the window shows wherever the item is. */
  function refuse(key: string, item: Item, thrown: unknown): Ending | null {
    const failure = toFailure(thrown)
    if (failure.code === 'CANCELLED') return 'cancelled'
    known.noteFailure(key, failure)
    if (failure.code === 'NOT_FOUND' && lostFileOf(item)) return null
    const again = { label: 'Try again', run: () => enqueue([item], { first: true, retry: true }) }
    notices.fail(`${item.name} couldn’t be ${failedVerb(item)}`, thrown, again, failedKind)
    return 'failed'
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

  /** Cancels the current encoding, which ends after its current step. */
  function stop(): void {
    controller?.abort()
    queue.value = changeJobAtWork(queue.value, { state: 'stopping' })
  }

  /** Removes items from the queue, all at once. The one that is being encoded stops within one step. */
  function cancelThose(isMeant: (itemId: string) => boolean): void {
    if (current.value && isMeant(current.value.itemId)) stop()
    queue.value = queue.value.filter((job) => job === current.value || !isMeant(job.itemId))
  }

  const cancel = (itemId: string): void => cancelThose((id) => id === itemId)
  const cancelAll = (): void => cancelThose(() => true)

  // When other work is opened, its items must not wait for those that are gone.
  watch(
    () => library.byId,
    (byId) => {
      const isGone = (itemId: string): boolean => !byId.has(itemId)
      if (queue.value.some(({ itemId }) => isGone(itemId))) cancelThose(isGone)
    },
    { flush: 'sync' },
  )

  return {
    reports: known.reports,
    queue,
    endings,
    current,
    outdated,
    keyOf,
    reportOf: known.reportOf,
    isReady,
    isMissing,
    lostFileOf,
    canEncode,
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
