import { baseName } from '#core/format/baseName'
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { useDeviceCheck } from './deviceCheck'
import { useEncoding } from './encoding'
import { useEvenTiming } from './evenTiming'
import { useExports } from './exports'
import { useLab } from './lab'
import { useLabGrids } from './labGrids'
import { useLibrary } from './library'
import { useModelLibrary } from './modelLibrary'

/** Work that the user started, that takes time and can be cancelled. */
export interface RunningWork {
  readonly id: string
  /** Completes “Cancel …”. */
  readonly name: string
  /** The message that is shown once it is cancelled. */
  readonly cancelled: { readonly title: string; readonly detail: string }
  cancel(): void
  /** Starts it again: the action of that message, in case Cancel was pressed by mistake. */
  resume?(): void
}

/** All work that can be cancelled. Frames for the stage do not count, because the user did not request them. */
export const useRunningWork = defineStore('runningWork', () => {
  const encoding = useEncoding()
  const library = useLibrary()
  const even = useEvenTiming()
  const exports = useExports()
  const lab = useLab()
  const grids = useLabGrids()
  const models = useModelLibrary()
  const devices = useDeviceCheck()

  const ofEncoding = (): RunningWork[] => {
    const jobs = encoding.queue.filter(({ state }) => state !== 'stopping')
    if (jobs.length === 0) return []
    const items = jobs.flatMap(({ itemId }) => library.byId.get(itemId) ?? [])
    const name = items[0]?.name ?? 'a picture'
    return [
      {
        id: 'encoding',
        name: jobs.length === 1 ? `encoding “${name}”` : `encoding ${jobs.length} pictures`,
        cancelled: { title: 'Encoding cancelled', detail: 'What is encoded already stays.' },
        cancel: encoding.cancelAll,
        resume: () => encoding.enqueue(items),
      },
    ]
  }
  const ofEvenTiming = (): RunningWork[] =>
    even.running
      ? [
          {
            id: 'evenTiming',
            name: 'even timing',
            cancelled: { title: 'Even timing cancelled', detail: 'The timing is as it was.' },
            cancel: even.cancel,
          },
        ]
      : []
  const ofExports = (): RunningWork[] => {
    const job = exports.running
    if (!job) return []
    const file = baseName(job.request.path)
    return [
      {
        id: `export ${job.id}`,
        name: `exporting “${file}”`,
        cancelled: {
          title: `Export of “${file}” cancelled`,
          detail: 'Its unfinished files are being removed.',
        },
        cancel: () => exports.cancel(job.id),
        resume: () => exports.repeat(job.id),
      },
    ]
  }
  const ofLab = (): RunningWork[] => {
    const { study: measured } = lab
    const study = {
      id: 'study',
      name: 'the study',
      cancelled: { title: 'Study cancelled', detail: 'What is measured already stays.' },
      cancel: lab.cancel,
      resume: () => void lab.resume(measured),
    }
    const grid = {
      id: 'labGrid',
      name: 'rendering in the Lab',
      cancelled: { title: 'Rendering cancelled', detail: 'The pictures rendered already stay.' },
      cancel: grids.cancel,
    }
    return [...(lab.running ? [study] : []), ...(grids.progress ? [grid] : [])]
  }
  const ofDownloads = (): RunningWork[] => {
    const kept = 'What has arrived is kept for the next try.'
    const downloads = models.running.map(({ model }) => ({
      id: `download ${model}`,
      name: `downloading ${model}`,
      cancelled: { title: `Download of ${model} cancelled`, detail: kept },
      cancel: () => models.cancel(model),
    }))
    const cuda = {
      id: 'cuda',
      name: 'setting up CUDA',
      cancelled: { title: 'Setting up CUDA cancelled', detail: 'It can be started again in Settings.' },
      cancel: devices.cancel,
    }
    return [...downloads, ...(devices.settingUp ? [cuda] : [])]
  }

  const works = computed(() => [
    ...ofEncoding(),
    ...ofEvenTiming(),
    ...ofExports(),
    ...ofLab(),
    ...ofDownloads(),
  ])
  /** The ids of running work in the order in which it started. */
  const begun = shallowRef<readonly string[]>([])
  watch(
    () => works.value.map(({ id }) => id),
    (now) => {
      const before = begun.value.filter((id) => now.includes(id))
      begun.value = [...before, ...now.filter((id) => !before.includes(id))]
    },
    { immediate: true, flush: 'sync' },
  )
  /** The work that was started last, which “Cancel” refers to. */
  const foremost = computed(() => works.value.find(({ id }) => id === begun.value.at(-1)) ?? null)

  return { foremost }
})
