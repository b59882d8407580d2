import { computed, shallowReactive } from 'vue'

/** One edit that can be taken back. Edits of equal `mergeKey` that follow each other count as one. */
export interface UndoRedoElement {
  readonly label: string
  readonly mergeKey?: string
  undo(): void
  redo(): void
}

const maxElements = 200

/** Edits of one key are one only while they follow each other this closely: two numbers typed into a field are two. */
const mergeMilliseconds = 1000

/** Edits done and edits taken back. */
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
      past[past.length - 1] = { ...element, undo: last.undo }
      return
    }
    past.push(element)
    if (past.length > maxElements) past.shift()
  }

  /** Takes the last edit back and answers it; with `only`, nothing unless that one is the last. */
  function undo(only?: UndoRedoElement): UndoRedoElement | undefined {
    if (only && past.at(-1) !== only) return undefined
    const element = past.pop()
    if (!element) return undefined
    element.undo()
    future.push(element)
    return element
  }

  /** Does the edit taken back last once more and answers it. */
  function redo(): UndoRedoElement | undefined {
    const element = future.pop()
    if (!element) return undefined
    element.redo()
    past.push(element)
    return element
  }

  /** Forgets every edit: for a document that replaces the one they were made on. */
  function clear(): void {
    past.length = 0
    future.length = 0
  }

  return {
    push,
    undo,
    redo,
    clear,
    /** Label of the edit that undo would take back; null when there is none. */
    undoLabel: computed(() => past.at(-1)?.label ?? null),
    redoLabel: computed(() => future.at(-1)?.label ?? null),
  }
}

/** The one history of the window. */
export const history = createHistory()
