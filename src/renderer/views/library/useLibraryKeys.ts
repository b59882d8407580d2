import { computed, nextTick, ref, type Ref } from 'vue'
import { runByKey } from '../../actions/actionRows'
import { itemRows } from '../../actions/itemRows'
import { removeItems } from '../../actions/pictureEdits'
import { keyOf } from '../../base/keyOf'
import { useLibrary, type Item } from '../../stores/library'
import { useLibraryView } from '../../stores/libraryView'

/** Returns how far a key moves, in tiles, with `columns` tiles in a row. */
function moveOf(key: string, columns: number): number | null {
  return { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? null
}

/** Selects items in the library with the pointer and keys. The whole list is a single tab stop. */
export function useLibraryKeys(list: Ref<HTMLElement | null>) {
  const library = useLibrary()
  const view = useLibraryView()
  const focusedId = ref<string | null>(null)
  let anchorId: string | null = null
  const tabStop = computed(() => (isShown(focusedId.value) ? focusedId.value : view.shown[0]?.id))

  /** Whether an item is shown. A search hides items, and a hidden item cannot be the end of a range. */
  function isShown(id: string | null): boolean {
    return view.shown.some((item) => item.id === id)
  }

  /**
   * A plain click selects only this item. With Ctrl, it adds or removes the item. With Shift, it selects all
   * items from the last chosen one to this one.
   */
  function choose(
    { id }: Item,
    { ctrlKey, metaKey, shiftKey }: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>,
  ): void {
    focusedId.value = id
    if (shiftKey && anchorId !== null && isShown(anchorId)) return library.select(between(anchorId, id))
    anchorId = id
    if (!(ctrlKey || metaKey)) return library.select([id])
    const rest = library.selectedIds.filter((other) => other !== id)
    library.select(rest.length < library.selectedIds.length ? rest : [...rest, id])
  }

  function between(from: string, to: string): string[] {
    const ids = view.shown.map(({ id }) => id)
    const [first, last] = [ids.indexOf(from), ids.indexOf(to)].sort((a, b) => a - b)
    return ids.slice(first, last + 1)
  }

  function onKey(event: KeyboardEvent): void {
    const at = view.shown.findIndex(({ id }) => id === tabStop.value)
    const item = view.shown[at]
    if (!item || event.altKey) return
    const target = targetOf(event.key, at)
    if (target !== null) void focus(target, event)
    else if (event.key === ' ') choose(item, { ...plain, ctrlKey: true })
    else if (event.key === 'Delete' || event.key === 'Backspace') void remove(selectedOr(item), at)
    else if (keyOf(event) === 'a' && (event.ctrlKey || event.metaKey))
      library.select(view.shown.map(({ id }) => id))
    else if (!runByKey(itemRows(item), event)) return
    event.preventDefault()
    event.stopPropagation()
  }

  function targetOf(key: string, at: number): number | null {
    const last = view.shown.length - 1
    if (key === 'Home') return 0
    if (key === 'End') return last
    const move = moveOf(key, columnsOf(list.value))
    return move === null ? null : Math.max(0, Math.min(last, at + move))
  }

  async function focus(index: number, event: KeyboardEvent): Promise<void> {
    const item = view.shown[index]
    if (event.ctrlKey || event.metaKey) focusedId.value = item.id
    else choose(item, event)
    await focusTabStop()
  }

  /** Removes items, and focuses the item that takes the place of the focused one. */
  async function remove(items: readonly Item[], at: number): Promise<void> {
    const before = view.shown.slice(0, at).filter((item) => !items.includes(item)).length
    removeItems(items)
    anchorId = view.shown[Math.min(before, view.shown.length - 1)]?.id ?? null
    focusedId.value = anchorId
    await focusTabStop()
  }

  /** Removes the selected items in the same way, whatever has the focus. */
  async function removeSelected(): Promise<void> {
    const ids = library.selectedIds
    const from = ids.find((id) => id === tabStop.value) ?? ids[0]
    const at = view.shown.findIndex(({ id }) => id === from)
    await remove(library.selected, at)
  }

  /** Focuses an item, so that the arrow keys continue from it. */
  async function focusItem({ id }: Item): Promise<void> {
    focusedId.value = id
    await focusTabStop()
  }

  async function focusTabStop(): Promise<void> {
    await nextTick()
    list.value?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }

  function selectedOr(item: Item): Item[] {
    return library.selectedIds.includes(item.id) ? library.selected : [item]
  }

  return { tabStop, choose, onKey, focusTabStop, focusItem, removeSelected }
}

const plain = { ctrlKey: false, metaKey: false, shiftKey: false }

/** Returns the number of tiles in a row in the current layout of the grid. */
function columnsOf(list: HTMLElement | null): number {
  return list ? getComputedStyle(list).gridTemplateColumns.split(' ').length : 1
}
