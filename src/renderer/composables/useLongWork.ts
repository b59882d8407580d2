import { computed, watch } from 'vue'
import { overallOf, shareOf } from '#shared/progress'
import { request } from '../base/api'
import { baseName } from '#core/format/baseName'
import { encodingEnd } from '../labels/endings'
import { useEncoding } from '../stores/encoding'
import { useEvenTiming } from '../stores/evenTiming'
import { useExports, type ExportJob } from '../stores/exports'
import { useLab } from '../stores/lab'

/**
 * After this many milliseconds, the user is assumed to be looking elsewhere. Seeds and stored latents take no
 * time.
 */
const longWork = 10_000

/** Reports long work and its end to the system: for the taskbar, to prevent sleep, and for a notification. */
export function useLongWork(): void {
  const exports = useExports()
  const encoding = useEncoding()
  const even = useEvenTiming()
  const lab = useLab()

  /** In whole percent, so that not every step is reported to the system. */
  const percent = computed(() => {
    if (exports.running) return Math.round(exports.running.share * 100)
    if (lab.study?.state === 'running') {
      const { progress } = lab.study
      return progress ? Math.round(overallOf(progress).share * 100) : 0
    }
    if (encoding.current) return Math.round(shareOf(encoding.current.progress) * 100)
    return even.running ? Math.round(even.share * 100) : null
  })

  // If the report does not reach the system, there is no need to show an error.
  const notifySystem = (title: string, detail: string): void =>
    void request('work.ended', { title, detail }).catch(() => undefined)

  watch(
    () => [percent.value, exports.waiting.length] as const,
    ([now, waiting], before) => {
      if (before?.[0] === now && before[1] === waiting) return
      const share = now === null ? null : now / 100
      request('work.report', { share, waiting }).catch(() => undefined)
    },
    { immediate: true },
  )
  watch(
    () => exports.jobs,
    (now, before) => {
      for (const job of now) {
        const earlier = before.find(({ id }) => id === job.id)
        if (earlier?.state === 'running' && job.state in endings)
          notifySystem(endings[job.state]!, nameOf(job))
      }
    },
  )
  let encodingSince = 0
  watch(
    () => encoding.current,
    (now, before) => {
      if (!before) encodingSince = performance.now()
      const isLong = performance.now() - encodingSince >= longWork
      const hasEnded = !now && before?.state === 'running'
      if (hasEnded && isLong)
        notifySystem(encodingEnd(encoding.endings), 'The library shows how each picture turned out.')
    },
  )
  let timingSince = 0
  watch(
    () => even.running,
    (now) => now && (timingSince = performance.now()),
  )
  watch(
    () => even.ended,
    (ended) => {
      if (ended?.how !== 'finished') return
      const isLong = performance.now() - timingSince >= longWork
      if (isLong) notifySystem('Even timing finished', 'The picture now changes evenly from frame to frame.')
    },
  )
  watch(
    () => lab.study?.state,
    (now, before) => {
      if (before === 'running' && now === 'finished')
        notifySystem('Study finished', 'Its results are in the Lab.')
    },
  )
}

const endings: Partial<Record<ExportJob['state'], string>> = {
  done: 'Export finished',
  failed: 'Export failed',
  asking: 'Export needs an answer',
}

function nameOf({ request: { path } }: ExportJob): string {
  return baseName(path)
}
