import type { StudioDocument } from '#shared/document'
import { requireRoom } from '#shared/documentSize'
import { sameDocument } from '../base/sameDocument'
import { useDocument } from '../stores/document'
import { useEvenTiming } from '../stores/evenTiming'
import { useLastRead } from '../stores/lastRead'
import { useLibrary } from '../stores/library'
import { useNotices, type NoticeAction } from '../stores/notices'
import { history, type UndoRedoElement } from './history'

/**
 * Opens a document, keeping the selection of items that still exist. Undo does not restore an older file, nor a
 * measurement that is outdated if the open document has a valid one: pictures are as their files were last read, and
 * segments that were timed evenly keep their newest valid measurement.
 */
export function putDocument(next: StudioDocument): void {
  useDocument().value = useEvenTiming().asMeasured(useLastRead().asRead(next))
  const library = useLibrary()
  library.select(library.selectedIds.filter((id) => library.byId.has(id)))
}

/**
 * Makes a change that can be undone. A change that would make the document larger than allowed is reverted at
 * once, and a notice says so.
 *
 * @param mergeKey  successive changes with equal keys are undone together, such as the moves of a slider
 * @param fitting  a document that is accepted as it is, even if it is larger than an edit may make one
 * @returns the action with which a notice can undo the change; null if nothing changed or the change was
 * reverted
 */
export function edit(
  label: string,
  change: () => void,
  mergeKey?: string,
  fitting = useDocument().value,
): NoticeAction | null {
  const document = useDocument()
  const before = document.value
  change()
  const after = document.value
  if (sameDocument(before, after)) return null
  try {
    requireRoom(after, fitting)
  } catch (thrown) {
    document.value = before
    useNotices().fail('Nothing was changed', thrown)
    return null
  }
  const element = {
    label,
    mergeKey,
    before,
    after,
    undo: () => putDocument(before),
    redo: () => putDocument(after),
  }
  history.push(element)
  return { label: 'Undo', run: () => takeBack(element) }
}

function takeBack(element: UndoRedoElement): void {
  if (history.undo(element)) return
  useNotices().show({
    title: 'Something else has changed since',
    detail: 'Use Undo to go back step by step.',
  })
}
