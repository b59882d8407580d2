import type { PictureInfo } from '#shared/reports'
import type { FitSettings, PictureSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

/** A picture of the library. `name` is what people call it; the file keeps its own. */
export interface Picture {
  readonly id: string
  readonly info: PictureInfo
  readonly name: string
  readonly fit: FitSettings
  /** Whether its latent is repaired: shifted and scaled to mean 0 and standard deviation 1. */
  readonly restandardise: boolean
}

/** The pictures at hand, and which of them are selected. */
export const useLibrary = defineStore('library', () => {
  const pictures = shallowRef<Picture[]>([])
  const selectedIds = shallowRef<string[]>([])
  const byId = computed(() => new Map(pictures.value.map((picture) => [picture.id, picture])))
  /** Selected pictures in the order of selection. */
  const selected = computed(() =>
    selectedIds.value.map((id) => byId.value.get(id)).filter((picture) => picture !== undefined),
  )

  /** Takes pictures in; those whose file is here already are only named in the answer. */
  function add(infos: readonly PictureInfo[]): Picture[] {
    return infos.map((info) => {
      const known = pictures.value.find((picture) => picture.info.path === info.path)
      if (known) return known
      const picture: Picture = {
        id: crypto.randomUUID(),
        info,
        name: titleOf(info.name),
        fit: { mode: 'cover' },
        restandardise: false,
      }
      pictures.value = [...pictures.value, picture]
      return picture
    })
  }

  function change(id: string, changes: Partial<Pick<Picture, 'name' | 'fit' | 'restandardise'>>): void {
    pictures.value = pictures.value.map((picture) =>
      picture.id === id ? { ...picture, ...changes } : picture,
    )
  }

  function remove(ids: readonly string[]): void {
    pictures.value = pictures.value.filter(({ id }) => !ids.includes(id))
    selectedIds.value = selectedIds.value.filter((id) => !ids.includes(id))
  }

  function select(ids: readonly string[]): void {
    selectedIds.value = [...ids]
  }

  return { pictures, selectedIds, selected, byId, add, change, remove, select }
})

/** What the engine is told of a picture. */
export function sourceOf({ info, fit }: Picture): PictureSource {
  return { path: info.path, fit }
}

/** A file name as a title: without its ending, dashes as spaces, a capital first. */
export function titleOf(fileName: string): string {
  const stem = fileName.replace(/\.[a-z0-9]{1,5}$/i, '')
  const spaced = stem.replace(/[-_]+/g, ' ').trim() || stem
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
