import { toFailure, type Failure } from '#shared/errors'
import type { InferenceServer } from '#shared/inferenceServer'
import type { ModelSource } from '#shared/modelSource'
import { overallOf, type Progress } from '#shared/progress'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { request } from '../base/api'
import { isAboutFrames, runEngineExport } from '../export/engineExport'
import {
  changeExport,
  isWrittenByOther,
  moveExport,
  restoreExport,
  sharesPlace,
  waitingExport,
  waitingExports,
  type ExportJob,
} from '../export/exportQueue'
import type { ExportRequest, ReportShare } from '../export/exportRequest'
import { runVideoExport } from '../export/videoExport'
import { wouldReplace } from '../export/wouldReplace'
import { baseName } from '#core/format/baseName'
import { exportActivity } from '../labels/progressLabels'
import { usePreferences } from './preferences'
import { useNotices, type NewNotice, type NoticeKind } from './notices'
import { reveal } from './reveal'
import { useUnfinishedFrames } from './unfinishedFrames'
import { useWorkspace } from './workspace'

export type { ExportJob }

/** Runs exports in the background, one after the other, in the order of the list. */
export const useExports = defineStore('exports', () => {
  const notices = useNotices()
  const jobs = shallowRef<ExportJob[]>([])
  const controllers = new Map<string, AbortController>()
  /** The cancelled exports to repeat once they have ended, each with changes to its request. */
  const repeats = new Map<string, Partial<ExportRequest>>()
  const unfinished = useUnfinishedFrames((id, path) => isWrittenByOther(jobs.value, id, path))
  const running = computed(() => jobs.value.find(({ state }) => state === 'running') ?? null)
  const waiting = computed(() => waitingExports(jobs.value))
  /** Whether a failed export is still in the list. */
  const hasFailed = computed(() => jobs.value.some(({ state }) => state === 'failed'))
  /** Exports that would replace something and wait for the user’s answer. */
  const clashes = computed(() => jobs.value.filter(({ state }) => state === 'asking'))

  function change(id: string, changes: Partial<ExportJob>): void {
    jobs.value = changeExport(jobs.value, id, changes)
  }

  function start(wanted: ExportRequest): string {
    const id = crypto.randomUUID()
    jobs.value = [...jobs.value, waitingExport(id, wanted)]
    void runNext()
    void askAhead(id)
    return id
  }

  /**
   * Asks whether an export that has to wait may replace what has its name: once it is its turn, the user may be away.
   * What appears there meanwhile is asked about then.
   */
  async function askAhead(id: string): Promise<void> {
    const find = () => waiting.value.find((one) => one.id === id)
    const job = find()
    if (!job || job.request.overwrite) return
    if (sharesPlace(jobs.value, job)) return change(id, { state: 'asking', clash: 'export' })
    const isTaken = await wouldReplace(job.request)
    if (isTaken && find()?.request === job.request) change(id, { state: 'asking', clash: 'disk' })
  }

  /**
   * Queues an export again that asked whether it may replace what has its name. So may all waiting ones of that name,
   * because their order can change.
   */
  function replace(id: string): void {
    const { path } = jobs.value.find((one) => one.id === id)!.request
    for (const other of waiting.value) {
      if (other.request.path === path) change(other.id, { request: { ...other.request, overwrite: true } })
    }
    repeat(id, { overwrite: true })
  }

  /**
   * Queues an export again that has ended; a cancelled one as soon as it has ended. The engine reuses the
   * frames that an interrupted export left behind.
   */
  function repeat(id: string, changes: Partial<ExportRequest> = {}): void {
    const job = jobs.value.find((one) => one.id === id)
    if (controllers.get(id)?.signal.aborted) repeats.set(id, changes)
    if (!job || job.state === 'running') return
    const model = withPresentServer(job.request.model, usePreferences().server)
    change(id, waitingExport(id, { ...job.request, model, ...changes }))
    void runNext()
    void askAhead(id)
  }

  /** Asks for another place, and queues the export again with that place. */
  async function relocate(id: string): Promise<void> {
    const job = jobs.value.find((one) => one.id === id)
    if (!job) return
    const { path: before, choice } = job.request
    const name = withoutEnding(baseName(before), choice.format.endings)
    try {
      const path = await request('dialog.saveExport', { format: choice.format.id, name })
      if (path) repeat(id, { path, overwrite: false })
    } catch (thrown) {
      notices.fail('Another place couldn’t be chosen', thrown)
    }
  }

  /** Moves a waiting export one place earlier (-1) or later (1) among the waiting ones. */
  function move(id: string, by: -1 | 1): void {
    jobs.value = moveExport(jobs.value, id, by)
  }

  async function runNext(): Promise<void> {
    const [next] = waiting.value
    if (!next || running.value) return
    await run(next)
    void runNext()
  }

  async function run({ id, request: wanted }: ExportJob): Promise<void> {
    const controller = new AbortController()
    controllers.set(id, controller)
    change(id, { state: 'running', etaSeconds: wanted.estimateSeconds })
    const report = reporter(id, wanted.estimateSeconds)
    const follow = (progress: Progress) => {
      const { share, etaSeconds } = overallOf(progress)
      if (isAboutFrames(progress)) unfinished.note(id, wanted.path)
      report(share, exportActivity(progress), etaSeconds)
    }
    try {
      const bytes = wanted.choice.video
        ? await runVideoExport(wanted, controller.signal, report)
        : await runEngineExport(wanted, controller.signal, follow)
      change(id, { state: 'done', share: 1, etaSeconds: null, bytes })
      unfinished.complete(id, wanted.path)
      unfinished.discard(id)
      announce(wanted)
    } catch (thrown) {
      end(id, wanted, thrown, controller.signal.aborted)
    } finally {
      controllers.delete(id)
    }
    repeatIfRequested(id)
  }

  function repeatIfRequested(id: string): void {
    const changes = repeats.get(id)
    repeats.delete(id)
    const job = jobs.value.find((one) => one.id === id)
    if (changes && job?.state === 'cancelled') repeat(id, changes)
  }

  /** @param estimate  seconds, reported as time left until the pace is measured */
  function reporter(id: string, estimate: number | null): ReportShare {
    let highest = 0
    return (share, activity, etaSeconds) => {
      // After a crash, a restarted engine counts from the beginning again.
      highest = Math.max(highest, share)
      change(id, { share: highest, activity, etaSeconds: etaSeconds ?? estimate })
    }
  }

  /**
   * Shows a notice about an export that has ended. If the export dialog is open, which shows this already, the
   * notice is only recorded in the list of messages.
   */
  function notify(notice: NewNotice): void {
    if (useWorkspace().dialog === 'export') notices.record(notice)
    else notices.show(notice)
  }

  function announce({ path, choice }: ExportRequest): void {
    notify({
      tone: 'good',
      title: `${choice.name} saved`,
      detail: path,
      action: { label: 'Show in folder', run: () => reveal(path) },
    })
  }

  function end(id: string, wanted: ExportRequest, thrown: unknown, cancelled: boolean): void {
    const failure = toFailure(thrown)
    if (cancelled || failure.code === 'CANCELLED') return endCancelled(id)
    // EXISTS in spite of permission to replace the file means that the file must never be replaced, so the user
    // is not asked.
    if (failure.code === 'EXISTS' && !wanted.overwrite)
      return change(id, { state: 'asking', clash: 'disk', etaSeconds: null })
    change(id, { state: 'failed', failure, etaSeconds: null })
    notify({
      tone: 'bad',
      title: `${baseName(wanted.path)} couldn’t be exported`,
      detail: failure.message,
      code: failure.code,
      action: actionAfter(failure, id, wanted),
      kind: failedKind,
    })
  }

  function endCancelled(id: string): void {
    change(id, { state: 'cancelled', etaSeconds: null })
    unfinished.discard(id)
  }

  function actionAfter(failure: Failure, id: string, wanted: ExportRequest): NewNotice['action'] {
    if (isBadRequest(failure)) return null
    const listed = (act: (id: string) => unknown) => () => {
      jobs.value = restoreExport(jobs.value, id, wanted, failure)
      void act(id)
    }
    return isAboutPlace(failure)
      ? { label: 'Choose another place…', run: listed(relocate) }
      : { label: 'Resume', run: listed((one) => repeat(one)) }
  }

  /** Cancels an export that has not ended, also one that waits for the user’s answer. */
  function cancel(id: string): void {
    controllers.get(id)?.abort()
    repeats.delete(id)
    if ([...waiting.value, ...clashes.value].some((job) => job.id === id)) endCancelled(id)
  }

  /** Removes an export from the list, and what it left on disk. */
  function dismiss(id: string): void {
    if (running.value?.id === id) return
    jobs.value = jobs.value.filter((job) => job.id !== id)
    unfinished.discard(id)
  }

  return {
    jobs,
    running,
    waiting,
    hasFailed,
    clashes,
    start,
    repeat,
    replace,
    relocate,
    move,
    cancel,
    dismiss,
  }
})

/** Returns a model with its server as it is set now, provided that it still has the same address. */
function withPresentServer(model: ModelSource, present: InferenceServer | null): ModelSource {
  return present && model.server?.url === present.url ? { ...model, server: present } : model
}

/** Whether an export failed because of its destination, so that another try there cannot help. */
export function isAboutPlace(failure: Failure | null): boolean {
  return failure?.code === 'UNWRITABLE' || failure?.code === 'EXISTS'
}

/** Whether an export failed because its format cannot hold what was asked for: the same request can only fail again. */
export function isBadRequest(failure: Failure | null): boolean {
  return failure?.code === 'BAD_INPUT'
}

/**
 * Returns a file name without any of these endings. The names of folders have none, whatever dots they contain.
 */
function withoutEnding(name: string, endings: readonly string[]): string {
  const ending = endings.find((one) => name.toLowerCase().endsWith(`.${one}`))
  return ending === undefined ? name : name.slice(0, -ending.length - 1)
}

const failedKind: NoticeKind = {
  id: 'export',
  title: (count) => `${count} exports failed`,
  action: { label: 'Show exports', run: () => (useWorkspace().dialog = 'export') },
}
