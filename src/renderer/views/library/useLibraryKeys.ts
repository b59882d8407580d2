import { computed, nextTick, ref, type Ref } from 'vue'
import { addToTimeline } from '../../actions/morph'
import { editPictureFit, removePictures } from '../../actions/pictureEdits'
import { useLibrary, type Picture } from '../../stores/library'

/** Tiles in a row. */
const columns = 2
const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }

/** Selecting in the library by pointer and keys, with one tab stop for the whole list. */
export function useLibraryKeys(list: Ref<HTMLElement | null>) {
  const library = useLibrary()
  const focusedId = ref<string | null>(null)
  let anchorId: string | null = null
  const tabStop = computed(() =>
    library.byId.has(focusedId.value ?? '') ? focusedId.value : library.pictures[0]?.id,
  )

  /** Plain: this one alone. With Ctrl: in or out. With Shift: all from the last one chosen. */
  function choose(
    { id }: Picture,
    { ctrlKey, metaKey, shiftKey }: Pick<MouseEvent, 'ctrlKey' | 'metaKey' | 'shiftKey'>,
  ): void {
    focusedId.value = id
    if (shiftKey && anchorId !== null && library.byId.has(anchorId))
      return library.select(between(anchorId, id))
    anchorId = id
    if (!(ctrlKey || metaKey)) return library.select([id])
    const rest = library.selectedIds.filter((other) => other !== id)
    library.select(rest.length < library.selectedIds.length ? rest : [...rest, id])
  }

  function between(from: string, to: string): string[] {
    const ids = library.pictures.map(({ id }) => id)
    const [first, last] = [ids.indexOf(from), ids.indexOf(to)].sort((a, b) => a - b)
    return ids.slice(first, last + 1)
  }

  function onKey(event: KeyboardEvent): void {
    const at = library.pictures.findIndex(({ id }) => id === tabStop.value)
    const picture = library.pictures[at]
    if (!picture || event.altKey) return
    const target = targetOf(event.key, at)
    if (target !== null) void focus(target, event)
    else if (event.key === ' ') choose(picture, { ...plain, ctrlKey: true })
    else if (event.key === 'Enter') addToTimeline([picture])
    else if (event.key === 'Delete' || event.key === 'Backspace') void remove(selectedOr(picture), at)
    else if (event.key === 'c' && !event.ctrlKey && !event.metaKey) editPictureFit(picture)
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey))
      library.select(library.pictures.map(({ id }) => id))
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function targetOf(key: string, at: number): number | null {
    const last = library.pictures.length - 1
    if (key === 'Home') return 0
    if (key === 'End') return last
    return key in moves ? Math.max(0, Math.min(last, at + moves[key])) : null
  }

  async function focus(index: number, event: KeyboardEvent): Promise<void> {
    const picture = library.pictures[index]
    if (event.ctrlKey || event.metaKey) focusedId.value = picture.id
    else choose(picture, event)
    await focusTabStop()
  }

  /** Removes pictures, and goes on from the one that takes the place of the one in focus. */
  async function remove(pictures: readonly Picture[], at: number): Promise<void> {
    const before = library.pictures.slice(0, at).filter((picture) => !pictures.includes(picture)).length
    removePictures(pictures)
    anchorId = library.pictures[Math.min(before, library.pictures.length - 1)]?.id ?? null
    focusedId.value = anchorId
    await focusTabStop()
  }

  async function focusTabStop(): Promise<void> {
    await nextTick()
    list.value?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }

  function selectedOr(picture: Picture): Picture[] {
    return library.selectedIds.includes(picture.id) ? library.selected : [picture]
  }

  return { tabStop, choose, onKey }
}

const plain = { ctrlKey: false, metaKey: false, shiftKey: false }
