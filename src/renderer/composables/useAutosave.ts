import { useEventListener, watchThrottled } from '@vueuse/core'
import { watch } from 'vue'
import { showProject } from '../actions/showProject'
import { stableJson } from '#shared/stableJson'
import { request } from '../base/api'
import { commitFocusedField } from '../base/commitFocusedField'
import { useDocument } from '../stores/document'
import { useModel } from '../stores/model'
import { useNotices } from '../stores/notices'
import { useProject } from '../stores/project'
import { useWorkspace } from '../stores/workspace'

/** The longest delay, in milliseconds, after which continuous edits are saved. */
const behindMilliseconds = 400

/**
 * Saves the current work to disk as it changes and when the window closes. Also keeps the main process informed
 * of the project that the window shows, up to what was being typed when it closes.
 *
 * @returns a function to call once the work of the last session is restored
 */
export function useAutosave(): () => void {
  const document = useDocument()
  const project = useProject()
  const workspace = useWorkspace()
  const model = useModel()
  let begun = false
  let kept = ''

  function save(): void {
    if (!begun) return
    const { path, from, name, dirty } = project
    const work = { document: project.current(), path, from, name, dirty }
    const json = stableJson(work)
    if (json === kept) return
    const before = kept
    kept = json
    request('app.saveWork', work).catch((thrown: unknown) => {
      if (kept === json) kept = before
      useNotices().fail('Your changes couldn’t be saved automatically', thrown)
    })
  }

  function show(): void {
    if (begun) void showProject()
  }

  watchThrottled(
    [
      () => document.value,
      () => project.path,
      () => project.from,
      () => project.name,
      () => project.dirty,
      () => workspace.view,
      () => model.info,
      () => model.reading,
      () => project.missingModel,
    ],
    save,
    {
      throttle: behindMilliseconds,
      leading: true,
      trailing: true,
    },
  )
  watch(
    [() => project.path, () => project.name, () => project.dirty, () => document.value.keepPictures],
    show,
  )
  useEventListener(window, 'beforeunload', (event) => {
    const wasDirty = project.dirty
    commitFocusedField()
    save()
    if (begun && !wasDirty && project.dirty && project.path !== null) void closeAgain(event)
  })
  return () => {
    begun = true
    save()
    show()
  }
}

/**
 * Keeps the window open for changes that the main process does not know of yet, and then closes it again, so that the
 * user is asked about them.
 */
async function closeAgain(event: BeforeUnloadEvent): Promise<void> {
  event.preventDefault()
  await showProject()
  window.close()
}
