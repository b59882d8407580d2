import type { StudioDocument } from '#shared/document'
import { sameDocument } from '../base/sameDocument'
import { useDocument } from '../stores/document'
import { useLibrary } from '../stores/library'
import { useNotices, type NoticeAction } from '../stores/notices'
import { history, type UndoRedoElement } from './history'

/** Puts a document on the table, keeping the selection where its items still are. */
export function putDocument(next: StudioDocument): void {
  useDocument().value = next
  const library = useLibrary()
  library.select(library.selectedIds.filter((id) => library.byId.has(id)))
}

/**
 * Makes a change that can be undone.
 *
 * @param mergeKey  changes of equal key that follow each other are undone together: the moves of one slider
 * @returns what a message offers to take it back; null when nothing changed
 */
export function edit(label: string, change: () => void, mergeKey?: string): NoticeAction | null {
  const document = useDocument()
  const before = document.value
  change()
  const after = document.value
  if (sameDocument(before, after)) return null
  const element = { label, mergeKey, undo: () => putDocument(before), redo: () => putDocument(after) }
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
