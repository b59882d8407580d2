import type { FitSettings } from '#shared/settings'
import { useEncoding } from '../stores/encoding'
import { useLibrary, type Picture } from '../stores/library'
import { useNotices } from '../stores/notices'
import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import { edit } from './document'

/** Takes pictures out of the library and off the timeline; their files stay. */
export function removePictures(pictures: readonly Picture[]): void {
  if (pictures.length === 0) return
  const ids = pictures.map(({ id }) => id)
  const what = pictures.length === 1 ? pictures[0].name : `${pictures.length} pictures`
  const action = edit(`Remove ${what}`, () => {
    useTimeline().removePictures(ids)
    useLibrary().remove(ids)
  })
  useNotices().show({ title: `${what} removed from the library`, action })
}

/** Gives a picture another name in the library; its file keeps its own. */
export function renamePicture({ id, name }: Picture, next: string): void {
  const trimmed = next.trim()
  if (trimmed === '' || trimmed === name) return
  edit(`Rename ${name}`, () => useLibrary().change(id, { name: trimmed }))
}

/** Opens the editor of what the model sees of a picture. */
export function editPictureFit({ id }: Picture): void {
  useLibrary().select([id])
  const workspace = useWorkspace()
  workspace.cropped = id
  workspace.dialog = 'crop'
}

/** Changes what the model sees of a picture. */
export function fitPicture({ id, name }: Picture, fit: FitSettings): void {
  edit(`Crop ${name}`, () => useLibrary().change(id, { fit }))
}

/** Re-standardises a picture's latent or leaves it as it was encoded, and measures what that does. */
export function repairLatent({ id, name }: Picture, restandardise: boolean): void {
  const library = useLibrary()
  const label = restandardise ? `Repair the latent of ${name}` : `Undo the repair of ${name}`
  edit(label, () => library.change(id, { restandardise }))
  const changed = library.byId.get(id)
  if (changed) useEncoding().enqueue([changed], { first: true })
}
