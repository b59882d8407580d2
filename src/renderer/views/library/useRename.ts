import { shallowRef } from 'vue'
import { renameItem } from '../../actions/pictureEdits'
import type { Item } from '../../stores/library'

const renaming = shallowRef<Item | null>(null)

/** The one item whose name is being written. */
export function useRename() {
  function begin(item: Item): void {
    renaming.value = item
  }

  function finish(name: string | null): void {
    if (renaming.value && name !== null) renameItem(renaming.value, name)
    renaming.value = null
  }

  return { renaming, begin, finish }
}
