import { StudioError } from '#shared/errors'
import type { StudyStop } from '#shared/lab'
import { sourceName } from '#shared/sourceName'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { request } from '../base/api'
import { createTickets } from '../base/tickets'
import { combinationsOf, useLabChoice } from './labChoice'
import { findStops, pictureHashOf } from '../lab/findStops'
import { studyOf, withProgress, type LabRequest, type Study, type StudySweep } from '../lab/study'
import { useLibrary } from './library'
import { useModel } from './model'
import { useNotices } from './notices'
import { useSettings } from './settings'
import { useWorkspace } from './workspace'

/** The study on display in the Lab: one at a time, in a folder that the user chose. */
export const useLab = defineStore('lab', () => {
  const choice = useLabChoice()
  const library = useLibrary()
  const settings = useSettings()
  const model = useModel()
  const notices = useNotices()
  const study = shallowRef<Study | null>(null)
  let controller: AbortController | null = null
  const begin = createTickets()
  /** A ticket is drawn by each request to resume and by each cancellation: only the last one counts. */
  const decide = createTickets()
  /** Settles when the last run has ended; a cancelled run ends after its current step. */
  let ended: Promise<void> = Promise.resolve()
  const running = computed(() => study.value?.state === 'running')

  /** Returns the study as chosen now, without the folder to write it into. */
  function chosen(): Omit<LabRequest, 'folder'> {
    return requestOf(choice.sweep, choice.stops)
  }

  function requestOf(sweep: StudySweep, stops: StudyStop[]): Omit<LabRequest, 'folder'> {
    return { model: model.source!, study: { ...sweep, stops }, figures: choice.figures }
  }

  /**
   * Runs a study and writes it into its folder, or resumes it. The results of `resumed` are shown from the
   * start.
   */
  function start(wanted: LabRequest, resumed: Study | null = null): Promise<void> {
    return (ended = measure(wanted, resumed))
  }

  async function measure(wanted: LabRequest, resumed: Study | null): Promise<void> {
    begin()
    controller = new AbortController()
    const { signal } = controller
    const before = study.value
    study.value = beginning(wanted, [before, resumed])
    try {
      const report = await request('lab.run', wanted, { signal, onProgress })
      study.value = studyOf(report, wanted)
      announce()
    } catch (thrown) {
      await interrupt(wanted, before, thrown)
    }
  }

  function beginning(wanted: LabRequest, shown: readonly (Study | null)[]): Study {
    const known = shown.find((one) => one?.folder === wanted.folder)
    return {
      folder: wanted.folder,
      state: 'running',
      pictures: wanted.study.stops.map(sourceName),
      pictureHashes: wanted.study.stops.map(pictureHashOf),
      sweep: wanted.study,
      cells: known?.cells ?? [],
      skipped: known?.skipped ?? [],
      notes: known?.notes ?? [],
      plannedCells: known?.plannedCells ?? combinationsOf({ etas: [0], ...wanted.study }).length,
      progress: null,
      request: wanted,
    }
  }

  function onProgress(progress: Parameters<typeof withProgress>[1]): void {
    if (!study.value || !running.value) return
    study.value = withProgress(study.value, progress)
  }

  /**
   * Shows a notice that says why the study ended, and the results in its folder. If it could not start, the
   * previous study stays on display.
   */
  async function interrupt(wanted: LabRequest, before: Study | null, thrown: unknown): Promise<void> {
    const clash = thrown instanceof StudioError && thrown.code === 'EXISTS'
    const onDisk = clash ? null : await readStudy(wanted.folder)
    const stopped = onDisk && studyOf(onDisk, wanted)
    study.value = stopped ?? before
    const again = stopped && { label: 'Resume', run: () => void resume(stopped) }
    notices.fail(onDisk ? 'The study was interrupted' : 'The study couldn’t be started', thrown, again)
  }

  /** Reads the study in a folder; null if the folder contains none. */
  function readStudy(folder: string) {
    return request('lab.open', { folder }).catch(() => null)
  }

  function cancel(): void {
    decide()
    controller?.abort()
  }

  /**
   * Resumes an interrupted study; a cancelled one as soon as it has ended. For a study that was opened, its
   * pictures and latents must be in the library.
   */
  async function resume(value = study.value): Promise<void> {
    const isLast = decide()
    if (controller?.signal.aborted) await ended
    if (!value || running.value || !isLast()) return
    if (value.request) return start(value.request, value)
    const stops = findStops(
      value,
      library.items.flatMap((item) => settings.latentOf(item) ?? []),
    )
    const missing = value.pictures.filter((_name, at) => stops[at] === null)
    if (missing.length > 0) {
      const title = 'Add the pictures and latents of the study to the library first'
      return notices.show({ tone: 'bad', title, detail: missing.join(', ') })
    }
    const found = stops.filter((stop) => stop !== null)
    await start({ ...requestOf(value.sweep, found), folder: value.folder }, value)
  }

  /** Shows the study in a folder, unless another one is opened or started before it is read. */
  async function open(folder: string): Promise<void> {
    const isLast = begin()
    const report = await request('lab.open', { folder })
    if (isLast()) study.value = studyOf(report, null)
  }

  function announce(): void {
    if (useWorkspace().view === 'lab' || !study.value) return
    const show = { label: 'Show study', run: () => (useWorkspace().view = 'lab') }
    notices.show({ tone: 'good', title: 'Study finished', detail: study.value.folder, action: show })
  }

  return { study, running, chosen, start, cancel, resume, open }
})
