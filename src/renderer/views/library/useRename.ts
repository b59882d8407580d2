import { shallowRef } from 'vue'
import { renamePicture } from '../../actions/pictureEdits'
import type { Picture } from '../../stores/library'

const renaming = shallowRef<Picture | null>(null)

/** The one picture whose name is being written. */
export function useRename() {
  function begin(picture: Picture): void {
    renaming.value = picture
  }

  function finish(name: string | null): void {
    if (renaming.value && name !== null) renamePicture(renaming.value, name)
    renaming.value = null
  }

  return { renaming, begin, finish }
}
