import { emptyDocument, type DocumentModel, type StudioDocument } from '#shared/document'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { sameDocument } from '../base/sameDocument'
import { baseName } from '#core/format/baseName'
import { useDocument } from './document'
import { useModel } from './model'
import { usePlayer } from './player'
import { useWorkspace } from './workspace'

/** The project file that the document belongs to. */
export const useProject = defineStore('project', () => {
  const document = useDocument()
  /** Null for work that was never saved. */
  const path = ref<string | null>(null)
  /** The project file that the work comes from, a copy's too: what is found nowhere else is saved from there. */
  const from = ref<string | null>(null)
  /** What work without a file is called. */
  const title = ref('Untitled')
  /** The document as its file has it, or as a start with nothing done has it. */
  const saved = shallowRef<StudioDocument>(emptyDocument())
  /** Whether a newer program wrote the file: this one must not write over what only that one knows. */
  const readOnly = ref(false)
  const saving = ref(false)
  /** The model that the work was done with, while it is not the one in use. */
  const missingModel = shallowRef<DocumentModel | null>(null)
  const name = computed(() =>
    path.value === null ? title.value : baseName(path.value).replace(/\.slerp$/i, ''),
  )
  const dirty = computed(() => !sameDocument(document.value, saved.value))

  // Whoever opens a model goes on with that one.
  watch(
    () => useModel().info?.sha256,
    () => (missingModel.value = null),
    { flush: 'sync' },
  )

  /** The document with what is not kept in it all the while: the model, and what the window shows. */
  function current(): StudioDocument {
    const { info } = useModel()
    const { sha256, id, path: where } = info ?? { sha256: '', id: '', path: '' }
    return {
      ...document.value,
      model: missingModel.value ?? { name: id, sha256, path: where },
      view: { ...document.value.view, view: useWorkspace().view, playhead: usePlayer().playhead },
    }
  }

  return { path, from, title, saved, readOnly, saving, missingModel, name, dirty, current }
})
