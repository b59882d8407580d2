import type { StudioDocument } from '#shared/document'
import { computed, shallowReactive } from 'vue'
import { sameDocument } from '../base/sameDocument'

/**
 * An edit that can be undone. Successive edits with equal `mergeKey` count as one edit, or as none if the last
 * of them ends with the document that the first began with.
 */
export interface UndoRedoElement {
  readonly label: string
  readonly mergeKey?: string
  readonly before?: StudioDocument
  readonly after?: StudioDocument
  undo(): void
  redo(): void
}

const maxElements = 200

/**
 * Edits with equal keys merge only within this time, and only if nothing was undone or redone between them. Two
 * numbers typed into one field are therefore two edits.
 */
const mergeMilliseconds = 1000

/** Creates the stacks of edits made and edits undone. */
export function createHistory() {
  const past = shallowReactive<UndoRedoElement[]>([])
  const future = shallowReactive<UndoRedoElement[]>([])
  let pushedAt = -Infinity

  function push(element: UndoRedoElement): void {
    future.length = 0
    const last = past.at(-1)
    const now = performance.now()
    const isSoon = now - pushedAt < mergeMilliseconds
    pushedAt = now
    if (last && isSoon && element.mergeKey !== undefined && last.mergeKey === element.mergeKey) {
      past.pop()
      const merged = { ...element, before: last.before, undo: last.undo }
      if (changesNothing(merged)) pushedAt = -Infinity
      else past.push(merged)
      return
    }
    past.push(element)
    if (past.length > maxElements) past.shift()
  }

  /** Undoes and returns the last edit; with `only`, does nothing unless that is the last one. */
  function undo(only?: UndoRedoElement): UndoRedoElement | undefined {
    if (only && past.at(-1) !== only) return undefined
    const element = past.pop()
    if (!element) return undefined
    pushedAt = -Infinity
    element.undo()
    future.push(element)
    return element
  }

  /** Redoes and returns the edit that was undone last. */
  function redo(): UndoRedoElement | undefined {
    const element = future.pop()
    if (!element) return undefined
    pushedAt = -Infinity
    element.redo()
    past.push(element)
    return element
  }

  /** Discards all edits, because the document that they were made on is replaced by another one. */
  function clear(): void {
    past.length = 0
    future.length = 0
    pushedAt = -Infinity
  }

  return {
    push,
    undo,
    redo,
    clear,
    /** Label of the edit that undo would revert; null if there is none. */
    undoLabel: computed(() => past.at(-1)?.label ?? null),
    redoLabel: computed(() => future.at(-1)?.label ?? null),
  }
}

function changesNothing({ before, after }: UndoRedoElement): boolean {
  return before !== undefined && after !== undefined && sameDocument(before, after)
}

/** The only history of the window. */
export const history = createHistory()
