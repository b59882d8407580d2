import type { DocumentLatent, DocumentPicture, StudioDocument } from '#shared/document'
import { isPicture, pathOfItem, referencesOf, sourceOf, type DocumentItem } from '#shared/documentLatents'
import type { PictureInfo } from '#shared/reports'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useDocument } from './document'

/** A picture in the library. `name` is what the window shows; the file keeps its own name. */
export type Picture = DocumentPicture
/** A latent in the library that is not a picture's own. */
export type Latent = DocumentLatent
/** Anything that can be on the timeline. */
export type Item = DocumentItem

export { isPicture, pathOfItem, sourceOf }

/** The library's items, and which of them are selected. */
export const useLibrary = defineStore('library', () => {
  const document = useDocument()
  const pictures = computed({
    get: () => document.value.pictures,
    set: (next) => document.change({ pictures: next }),
  })
  const latents = computed({
    get: () => document.value.latents,
    set: (next) => document.change({ latents: next }),
  })
  /** Pictures first, then latents: the order in which the library shows them. */
  const items = computed<readonly Item[]>(() => [...pictures.value, ...latents.value])
  const selectedIds = shallowRef<string[]>([])
  const byId = computed(() => new Map(items.value.map((item) => [item.id, item])))
  /** Selected items in the order of selection. */
  const selected = computed(() =>
    selectedIds.value.map((id) => byId.value.get(id)).filter((item) => item !== undefined),
  )
  const selectedPictures = computed(() => selected.value.filter(isPicture))

  /** Adds pictures. A file that is already in the library is not added again, but its picture is returned too. */
  function add(infos: readonly PictureInfo[]): Picture[] {
    const byPath = new Map(pictures.value.toReversed().map((picture) => [picture.info.path, picture]))
    const fresh: Picture[] = []
    const added = infos.map((info) => {
      const known = byPath.get(info.path)
      if (known) return known
      const picture = newPicture(info)
      byPath.set(info.path, picture)
      fresh.push(picture)
      return picture
    })
    // A single assignment for all pictures, because everything that depends on the library is recomputed at
    // each.
    if (fresh.length > 0) pictures.value = [...pictures.value, ...fresh]
    return added
  }

  function addLatents(added: readonly Latent[]): void {
    latents.value = [...latents.value, ...added]
  }

  function change(
    id: string,
    changes: Partial<Pick<Picture, 'name' | 'fit' | 'restandardise' | 'info'>>,
  ): void {
    pictures.value = pictures.value.map((picture) =>
      picture.id === id ? { ...picture, ...changes } : picture,
    )
  }

  /** Changes fields that pictures and latents have in common. */
  function changeItem(id: string, changes: Partial<Pick<Picture, 'name' | 'class' | 'prompt'>>): void {
    const changed = <One extends Item>(one: One): One => (one.id === id ? { ...one, ...changes } : one)
    document.change({ pictures: pictures.value.map(changed), latents: latents.value.map(changed) })
  }

  function rename(id: string, name: string): void {
    changeItem(id, { name })
  }

  function setClass(id: string, index: number): void {
    changeItem(id, { class: index })
  }

  function setPrompt(id: string, prompt: string | undefined): void {
    changeItem(id, { prompt })
  }

  function remove(ids: readonly string[]): void {
    document.change({
      pictures: pictures.value.filter(({ id }) => !ids.includes(id)),
      latents: latents.value.filter(({ id }) => !ids.includes(id)),
    })
    selectedIds.value = selectedIds.value.filter((id) => !ids.includes(id))
  }

  function select(ids: readonly string[]): void {
    selectedIds.value = [...ids]
  }

  return {
    pictures,
    latents,
    items,
    selectedIds,
    selected,
    selectedPictures,
    byId,
    add,
    addLatents,
    change,
    rename,
    setClass,
    setPrompt,
    remove,
    select,
  }
})

/** Creates the library entry of a new picture. */
export function newPicture(info: PictureInfo): Picture {
  return {
    id: crypto.randomUUID(),
    info,
    name: titleOf(info.name),
    fit: { mode: 'cover' },
    restandardise: false,
  }
}

/** Returns the latents that are made from these items, directly or indirectly, and cannot exist without them. */
export function madeFrom(latents: StudioDocument['latents'], ids: readonly string[]): string[] {
  const found = new Set(ids)
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const latent of latents) {
      if (referencesOf(latent).some((source) => found.has(source))) found.add(latent.id)
    }
  }
  return latents.filter(({ id }) => found.has(id) && !ids.includes(id)).map(({ id }) => id)
}

/** Turns a file name into a title: without extension, dashes as spaces, first letter capitalised. */
export function titleOf(fileName: string): string {
  const stem = fileName.replace(/\.[a-z0-9]{1,5}$/i, '')
  const spaced = stem.replace(/[-_]+/g, ' ').trim() || stem
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
