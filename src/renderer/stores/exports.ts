import { toFailure, type Failure } from '#shared/errors'
import { repeatIn } from '#shared/exportFormats'
import { overallOf } from '#shared/progress'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { request } from '../base/api'
import type { ExportRequest, ReportShare } from '../export/exportRequest'
import { runVideoExport } from '../export/videoExport'
import { baseName } from '#core/format/baseName'
import { exportActivity } from '../labels/progressLabels'
import { useNotices, type NewNotice, type NoticeKind } from './notices'
import { reveal } from './reveal'
import { useWorkspace } from './workspace'

/** An export that is waiting, running or has ended. */
export interface ExportJob {
  readonly id: string
  readonly request: ExportRequest
  /** `asking` waits for an answer, because a file of that name already exists. */
  readonly state: 'waiting' | 'running' | 'asking' | 'done' | 'failed' | 'cancelled'
  /** Share done, 0 to 1. */
  readonly share: number
  readonly etaSeconds: number | null
  readonly activity: string
  readonly bytes: number | null
  readonly failure: Failure | null
}

/** Exports in the background, one after the other, in the order of the list. */
export const useExports = defineStore('exports', () => {
  const notices = useNotices()
  const jobs = shallowRef<ExportJob[]>([])
  const controllers = new Map<string, AbortController>()
  /** The cancelled exports that are to be repeated once they have ended, with the changes to each. */
  const repeats = new Map<string, Partial<ExportRequest>>()
  const running = computed(() => jobs.value.find(({ state }) => state === 'running') ?? null)
  const waiting = computed(() => jobs.value.filter(({ state }) => state === 'waiting'))
  /** Whether a failed export is still in the list. */
  const hasFailed = computed(() => jobs.value.some(({ state }) => state === 'failed'))
  /** Exports that would replace a file and wait for an answer. */
  const clashes = computed(() => jobs.value.filter(({ state }) => state === 'asking'))

  function change(id: string, changes: Partial<ExportJob>): void {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, ...changes } : job))
  }

  function start(wanted: ExportRequest): string {
    const id = crypto.randomUUID()
    jobs.value = [...jobs.value, { id, request: wanted, ...fresh }]
    void runNext()
    return id
  }

  /**
   * Queues an ended export again, and a cancelled one as soon as it has ended. The engine reuses the frames that an
   * interrupted one left behind.
   */
  function repeat(id: string, changes: Partial<ExportRequest> = {}): void {
    const job = jobs.value.find((one) => one.id === id)
    if (controllers.get(id)?.signal.aborted) repeats.set(id, changes)
    if (!job || job.state === 'running') return
    change(id, { request: { ...job.request, ...changes }, ...fresh })
    void runNext()
  }

  /** Asks for another place, and queues the export again to go there. */
  async function relocate(id: string): Promise<void> {
    const job = jobs.value.find((one) => one.id === id)
    if (!job) return
    const { path: before, choice } = job.request
    const name = baseName(before).replace(/\.[^.]*$/, '')
    try {
      const path = await request('dialog.saveExport', { format: choice.format.id, name })
      if (path) repeat(id, { path, overwrite: false })
    } catch (thrown) {
      notices.fail('Another place couldn’t be chosen', thrown)
    }
  }

  /** Moves a waiting export one place earlier (-1) or later (1) among those waiting. */
  function move(id: string, by: -1 | 1): void {
    const at = waiting.value.findIndex((job) => job.id === id)
    const other = waiting.value[at + by]
    if (at < 0 || !other) return
    const swap = (job: ExportJob): ExportJob =>
      job.id === id ? other : job.id === other.id ? waiting.value[at] : job
    jobs.value = jobs.value.map(swap)
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
    try {
      const write = wanted.choice.video ? runVideoExport : runEngineExport
      const bytes = await write(wanted, controller.signal, report)
      change(id, { state: 'done', share: 1, etaSeconds: null, bytes })
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
      // An engine that was lost and restarted counts from the beginning again.
      highest = Math.max(highest, share)
      change(id, { share: highest, activity, etaSeconds: etaSeconds ?? estimate })
    }
  }

  /** Records every export that ends in the list of messages. The export dialog, if open, shows it already. */
  function tell(notice: NewNotice): void {
    if (useWorkspace().dialog === 'export') notices.record(notice)
    else notices.show(notice)
  }

  function announce({ path, choice }: ExportRequest): void {
    tell({
      tone: 'good',
      title: `${choice.name} saved`,
      detail: path,
      action: { label: 'Show in folder', run: () => reveal(path) },
    })
  }

  function end(id: string, wanted: ExportRequest, thrown: unknown, cancelled: boolean): void {
    const failure = toFailure(thrown)
    if (cancelled || failure.code === 'CANCELLED') return change(id, { state: 'cancelled', etaSeconds: null })
    // EXISTS in spite of permission to replace the file means that it must never be replaced: do not ask.
    if (failure.code === 'EXISTS' && !wanted.overwrite)
      return change(id, { state: 'asking', etaSeconds: null })
    change(id, { state: 'failed', failure, etaSeconds: null })
    tell({
      tone: 'bad',
      title: `${baseName(wanted.path)} couldn’t be exported`,
      detail: failure.message,
      code: failure.code,
      action: isAboutPlace(failure)
        ? { label: 'Choose another place…', run: () => void relocate(id) }
        : { label: 'Resume', run: () => repeat(id) },
      kind: failedKind,
    })
  }

  function cancel(id: string): void {
    controllers.get(id)?.abort()
    repeats.delete(id)
    if (waiting.value.some((job) => job.id === id)) change(id, { state: 'cancelled', etaSeconds: null })
  }

  function dismiss(id: string): void {
    jobs.value = jobs.value.filter((job) => job.id !== id || job.state === 'running')
  }

  return { jobs, running, waiting, hasFailed, clashes, start, repeat, relocate, move, cancel, dismiss }
})

/** Whether an export failed because of its destination, so that another try there cannot help. */
export function isAboutPlace(failure: Failure | null): boolean {
  return failure?.code === 'UNWRITABLE' || failure?.code === 'EXISTS'
}

const failedKind: NoticeKind = {
  id: 'export',
  title: (count) => `${count} exports failed`,
  action: { label: 'Show exports', run: () => (useWorkspace().dialog = 'export') },
}

const fresh = {
  state: 'waiting',
  share: 0,
  etaSeconds: null,
  activity: 'Starting',
  bytes: null,
  failure: null,
} as const

async function runEngineExport(
  wanted: ExportRequest,
  signal: AbortSignal,
  report: ReportShare,
): Promise<number> {
  const { model, plan, decode, path, overwrite, choice, options, frame, range } = wanted
  const target = {
    path,
    overwrite,
    format: choice.format.id,
    frame,
    range,
    fps: options.fps,
    scale: options.scale,
    enlargement: options.enlargement,
    quality: options.quality,
    repeat: repeatIn(choice.format.id, options.repeat),
  }
  const answer = await request(
    'animation.export',
    { model, plan, decode, target },
    {
      signal,
      onProgress: (progress) => {
        const { share, etaSeconds } = overallOf(progress)
        report(share, exportActivity(progress), etaSeconds)
      },
    },
  )
  return answer.bytes
}
