import { StudioError } from '#shared/errors'
import type { PictureSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { request } from '../api'
import { baseName } from '../labels/baseName'
import { useLabChoice } from './labChoice'
import { useLabPace } from './labPace'
import { studyOf, withProgress, type LabRequest, type Study, type StudySweep } from '../lab/study'
import { sourceOf, useLibrary } from './library'
import { useModel } from './model'
import { useNotices } from './notices'
import { useWorkspace } from './workspace'

/** The study that the Lab shows: one at a time, in a folder that a person chose. */
export const useLab = defineStore('lab', () => {
  const choice = useLabChoice()
  const pace = useLabPace()
  const library = useLibrary()
  const model = useModel()
  const notices = useNotices()
  const study = shallowRef<Study | null>(null)
  let controller: AbortController | null = null
  /** What the running study measures, for its pace. */
  let subject: string | null = null
  const running = computed(() => study.value?.state === 'running')

  /** Asks where to, and measures what is chosen. */
  async function start(): Promise<void> {
    const ready = model.source !== null && choice.pictures.length > 0
    if (running.value || !ready) return
    try {
      const folder = await request('dialog.saveStudy', { name: studyName(model.info?.id ?? 'model') })
      if (folder !== null) await run(requestFor(folder, choice.sweep, choice.pictures.map(sourceOf)))
    } catch (thrown) {
      notices.fail('The study did not start', thrown)
    }
  }

  function requestFor(folder: string, sweep: StudySweep, pictures: PictureSource[]): LabRequest {
    return { model: model.source!, study: { ...sweep, pictures }, folder, figures: choice.figures }
  }

  /** Runs a study, from where it stands when it was begun before. */
  async function run(wish: LabRequest): Promise<void> {
    controller = new AbortController()
    const { signal } = controller
    const before = study.value
    subject = pace.subject
    study.value = beginning(wish, before)
    try {
      const report = await request('lab.run', wish, { signal, onProgress })
      study.value = studyOf(report, wish)
      announce()
    } catch (thrown) {
      await interrupt(wish, before, thrown)
    }
  }

  function beginning(wish: LabRequest, before: Study | null): Study {
    const known = before?.folder === wish.folder ? before : null
    return {
      folder: wish.folder,
      state: 'running',
      pictures: wish.study.pictures.map(({ path }) => baseName(path)),
      sweep: wish.study,
      cells: known?.cells ?? [],
      skipped: known?.skipped ?? [],
      plannedCells: known?.plannedCells ?? choice.rules.length,
      progress: null,
      request: wish,
    }
  }

  function onProgress(progress: Parameters<typeof withProgress>[1]): void {
    if (!study.value || !running.value) return
    study.value = withProgress(study.value, progress)
    if (progress.cell) pace.note(subject, progress.cell)
  }

  /** Says why it ended, and shows what the folder has; a study that could not even begin leaves what was there. */
  async function interrupt(wish: LabRequest, before: Study | null, thrown: unknown): Promise<void> {
    const clash = thrown instanceof StudioError && thrown.code === 'EXISTS'
    const onDisk = clash ? null : await readStudy(wish.folder)
    study.value = onDisk ? studyOf(onDisk, wish) : before
    const again = onDisk ? { label: 'Resume', run: () => void resume() } : null
    notices.fail(onDisk ? 'The study was interrupted' : 'The study did not start', thrown, again)
  }

  /** What stands in a folder, or null where no study was begun. */
  function readStudy(folder: string) {
    return request('lab.open', { folder }).catch(() => null)
  }

  function cancel(): void {
    controller?.abort()
  }

  /** Goes on with an interrupted study. One that was opened needs its pictures back in the library. */
  async function resume(): Promise<void> {
    const { value } = study
    if (!value || running.value) return
    if (value.request) return run(value.request)
    const missing = value.pictures.filter((name) => !pictureNamed(name))
    if (missing.length > 0) {
      const title = 'The study needs its pictures in the library'
      return notices.show({ tone: 'bad', title, detail: missing.join(', ') })
    }
    const pictures = value.pictures.map((name) => sourceOf(pictureNamed(name)!))
    await run(requestFor(value.folder, value.sweep, pictures))
  }

  function pictureNamed(name: string) {
    return library.pictures.find(({ info }) => info.name === name)
  }

  /** Asks for the folder of an earlier study and shows it. */
  async function open(): Promise<void> {
    if (running.value) return
    try {
      const folder = await request('dialog.openStudy', {})
      if (folder !== null) study.value = studyOf(await request('lab.open', { folder }), null)
    } catch (thrown) {
      notices.fail('The study was not opened', thrown)
    }
  }

  function announce(): void {
    if (useWorkspace().view === 'lab' || !study.value) return
    const show = { label: 'Show it', run: () => (useWorkspace().view = 'lab') }
    notices.show({ tone: 'good', title: 'The study is finished', detail: study.value.folder, action: show })
  }

  return { study, running, start, cancel, resume, open }
})

/** A folder name that sorts by time. */
function studyName(modelId: string): string {
  const now = new Date().toLocaleString('sv').slice(0, 16).replace(':', '')
  return `Study of ${modelId} ${now}`
}
