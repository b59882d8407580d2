import { useEncoding } from '../stores/encoding'
import { isPicture, pathOfItem, useLibrary, type Item } from '../stores/library'
import { useLibraryView } from '../stores/libraryView'
import { useMissing } from '../stores/missing'
import { reveal } from '../stores/reveal'
import { useWorkspace } from '../stores/workspace'
import type { ActionGroups, ActionRow } from './actionRows'
import { addMix } from './latents'
import { locate } from './locate'
import { addToTimeline } from './morph'
import { editPictureFit, removeItems } from './pictureEdits'
import { saveLatents } from './saveLatent'

/** Returns the actions for a library item, or for the whole selection if the item is part of it. */
export function itemRows(item: Item): ActionGroups {
  const library = useLibrary()
  const all = library.selectedIds.includes(item.id) ? library.selected : [item]
  const path = pathOfItem(item)
  const encoding = useEncoding()
  const encodable = all.filter((one) => encoding.stateOf(one).kind !== 'missing')
  const encode = { id: 'encode', title: 'Encode', run: () => encoding.enqueue(encodable, { retry: true }) }
  const mix = { id: 'mix', title: `Mix these ${all.length}`, run: () => addMix(all) }
  return [
    [
      { id: 'add', title: 'Add to timeline', chord: { key: 'Enter' }, run: () => addToTimeline(all) },
      ...(encodable.length > 0 ? [encode] : []),
      ...(all.length > 1 ? [mix] : []),
      ...pictureRows(item),
      ...(useMissing().isMissing(item) ? [{ id: 'locate', title: 'Locate…', run: () => locate(item) }] : []),
    ],
    [
      {
        id: 'rename',
        title: 'Rename…',
        chord: { key: 'F2' },
        run: () => (useLibraryView().renaming = item),
      },
      ...(path ? [{ id: 'reveal', title: 'Show in folder', run: () => reveal(path) }] : []),
      {
        id: 'saveLatent',
        title: all.length > 1 ? `Save ${all.length} latents…` : 'Save latent…',
        run: () => saveLatents(all),
      },
      { id: 'remove', title: 'Remove from library', chord: { key: 'Delete' }, run: () => removeItems(all) },
    ],
  ]
}

function pictureRows(item: Item): readonly ActionRow[] {
  if (!isPicture(item)) return []
  const compare = (): void => {
    useLibrary().select([item.id])
    useWorkspace().view = 'fidelity'
  }
  return [
    { id: 'compare', title: 'Compare with the source', run: compare },
    { id: 'crop', title: 'Crop and fit…', chord: { key: 'c' }, run: () => editPictureFit(item) },
  ]
}
