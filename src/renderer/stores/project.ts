import { emptyDocument, type DocumentModel, type StudioDocument } from '#shared/document'
import { untitled } from '#shared/app'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { createTurns } from '../base/turns'
import { endsInTime } from '../base/endsInTime'
import { sameDocument } from '../base/sameDocument'
import { baseName } from '#core/format/baseName'
import { useDocument } from './document'
import { useModel } from './model'
import { usePlayer } from './player'
import { useWorkspace } from './workspace'

/** After this many milliseconds without an answer, a save no longer delays other work. */
const patienceMilliseconds = 10_000

/** The project file that the document belongs to. */
export const useProject = defineStore('project', () => {
  const document = useDocument()
  /**
   * Counts the documents that were opened or begun in this window. A result that was read for one of them and
   * arrives late belongs to the open document only if this number is unchanged.
   */
  const opened = ref(0)
  /** The same for saves. Duplicating the work counts too, because the original’s file is not that of the duplicate. */
  const work = ref(0)
  /** Null for work that was never saved. */
  const path = ref<string | null>(null)
  /** The project file that the work or its original was loaded from. Some of its contents exist nowhere else. */
  const from = ref<string | null>(null)
  /** The name of work without a file. */
  const title = ref(untitled)
  /** The document as last saved; for work without a file, as it started. */
  const saved = shallowRef<StudioDocument>(emptyDocument())
  /**
   * Whether a newer version of the app wrote the file. This version must not overwrite it, because what only
   * the newer one understands would be lost.
   */
  const readOnly = ref(false)
  /** The number of files being written, including those of work that was open earlier. */
  const writes = ref(0)
  const saving = computed(() => writes.value > 0)
  const inTurn = createTurns()
  let lastSave = { work: 0, ended: Promise.resolve<unknown>(true) }
  /** The model that the work was made with, while it is missing and another one is in use. */
  const missingModel = shallowRef<DocumentModel | null>(null)
  const name = computed(() =>
    path.value === null ? title.value : baseName(path.value).replace(/\.slerp$/i, ''),
  )
  const dirty = computed(() => !sameDocument(document.value, saved.value))

  // Opening a model means continuing the work with that one.
  watch(
    () => useModel().info?.sha256,
    () => (missingModel.value = null),
    { flush: 'sync' },
  )

  /**
   * Begins a save once all saves of the same work that were requested before have ended, including their
   * questions. A save of earlier work delays it only for a while.
   */
  function saveInTurn<Answer>(save: () => Promise<Answer>): Promise<Answer> {
    const { ended } = lastSave
    const before = isOfThisWork() ? ended : endsInTime(ended, patienceMilliseconds)
    const turn = before.then(save)
    lastSave = { work: work.value, ended: turn.catch(() => undefined) }
    return turn
  }

  const isOfThisWork = (): boolean => lastSave.work === work.value

  /**
   * Waits for the saves of this work that have been requested so far, but not forever.
   *
   * @returns whether they have ended
   */
  async function whenSaved(): Promise<boolean> {
    return !isOfThisWork() || endsInTime(lastSave.ended, patienceMilliseconds)
  }

  /**
   * Begins to write a file once all earlier writes to the same file have ended, so that the newest contents
   * remain.
   */
  function writeInTurn<Answer>(file: string, write: () => Promise<Answer>): Promise<Answer> {
    writes.value++
    return inTurn(file, write).finally(() => writes.value--)
  }

  /**
   * Returns the document together with the parts that it does not always hold: the model, and what the window
   * shows.
   */
  function current(): StudioDocument {
    const { info, reading: readAs } = useModel()
    const { sha256, id, path: where } = info ?? { sha256: '', id: '', path: '' }
    return {
      ...document.value,
      model: missingModel.value ?? { name: id, sha256, path: where, reading: { ...readAs } },
      view: { ...document.value.view, view: useWorkspace().view, playhead: usePlayer().playhead },
    }
  }

  return {
    opened,
    work,
    path,
    from,
    title,
    saved,
    readOnly,
    saving,
    missingModel,
    name,
    dirty,
    saveInTurn,
    whenSaved,
    writeInTurn,
    current,
  }
})
