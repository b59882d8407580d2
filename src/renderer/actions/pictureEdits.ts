import { plural } from '#core/format/quantities'
import type { FitSettings } from '#shared/pictureSource'
import { useEncoding } from '../stores/encoding'
import { madeFrom, useLibrary, type Item, type Picture } from '../stores/library'
import { useNotices } from '../stores/notices'
import { useTimeline } from '../stores/timeline'
import { useWorkspace } from '../stores/workspace'
import { edit } from './document'

/** Removes items, and latents made from them, from the library and the timeline; files are not deleted. */
export function removeItems(items: readonly Item[]): void {
  if (items.length === 0) return
  const library = useLibrary()
  const chosen = items.map(({ id }) => id)
  const made = madeFrom(library.latents, chosen)
  const gone = new Set([...chosen, ...made])
  const stops = useTimeline().path.stops.filter(({ source }) => gone.has(source)).length
  const what = items.length === 1 ? items[0].name : `${items.length} items`
  const action = edit(`Remove ${what}`, () => {
    useTimeline().removeItems([...gone])
    library.remove([...gone])
  })
  const from = items.length === 1 ? 'it' : 'them'
  const detail = describeAlsoRemoved(made.length, from, stops)
  useNotices().show({ title: `${what} removed from the library`, detail, action })
}

/** Describes what else was removed from the library and the timeline; undefined if nothing was. */
function describeAlsoRemoved(latents: number, from: 'it' | 'them', stops: number): string | undefined {
  const along = [
    ...(latents > 0 ? [`${latents} ${plural(latents, 'latent')} made from ${from}`] : []),
    ...(stops > 0 ? [`${stops} ${plural(stops, 'stop')} of the film`] : []),
  ]
  if (along.length === 0) return undefined
  return `${along.join(' and ')} ${latents + stops === 1 ? 'was' : 'were'} removed too.`
}

/** Renames an item in the library; its file keeps its name. */
export function renameItem({ id, name }: Item, next: string): void {
  const trimmed = next.trim()
  if (trimmed === '' || trimmed === name) return
  edit(`Rename ${name}`, () => useLibrary().rename(id, trimmed))
}

/** Opens the editor for the part of a picture that the model sees. */
export function editPictureFit({ id }: Picture): void {
  useLibrary().select([id])
  const workspace = useWorkspace()
  workspace.cropped = id
  workspace.dialog = 'crop'
}

/** Changes which part of a picture the model sees, and how it is fitted. */
export function fitPicture({ id, name }: Picture, fit: FitSettings): void {
  edit(`Crop ${name}`, () => useLibrary().change(id, { fit }))
}

/** Sets the class under which a class-conditional model encodes and decodes an item. */
export function chooseClass(item: Item, index: number): void {
  edit(`Change the class of ${item.name}`, () => useLibrary().setClass(item.id, index), `class-${item.id}`)
}

/** Sets the prompt that describes an item, for a text-conditional model: a picture is encoded with it. */
export function writePrompt(item: Item, prompt: string): void {
  const next = prompt.trim() || undefined
  edit(`Change the prompt of ${item.name}`, () => useLibrary().setPrompt(item.id, next))
}

/** Re-standardises a picture's latent, or restores it as it was encoded, and measures the effect. */
export function repairLatent({ id, name }: Picture, restandardise: boolean): void {
  const library = useLibrary()
  const label = restandardise ? `Repair the latent of ${name}` : `Undo the repair of ${name}`
  edit(label, () => library.change(id, { restandardise }))
  const changed = library.byId.get(id)
  if (changed) useEncoding().enqueue([changed], { first: true })
}
