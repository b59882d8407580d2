import { useLocalStorage } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { baseName } from '#core/format/baseName'
import { arrangeItems, librarySorts, type LibrarySort } from '../pictures/arrangeItems'
import { pathOfItem, useLibrary, type Item } from './library'

/** Sizes of the library's tiles: the minimum width of one, in rem. */
export const tileSizes = [
  { id: 'small', title: 'Small', rem: 3.75 },
  { id: 'medium', title: 'Medium', rem: 5.5 },
  { id: 'large', title: 'Large', rem: 10 },
] as const
export type TileSize = (typeof tileSizes)[number]['id']

/**
 * Which library items are shown, in which order and how large. Order and size are stored on this computer.
 */
export const useLibraryView = defineStore('libraryView', () => {
  const library = useLibrary()
  const query = ref('')
  /** The item that is being renamed. */
  const renaming = shallowRef<Item | null>(null)
  const keptSort = useLocalStorage<string>('librarySort', 'added')
  const keptSize = useLocalStorage<string>('libraryTiles', 'medium')
  const sort = computed<LibrarySort>({
    get: () => librarySorts.find(({ id }) => id === keptSort.value)?.id ?? 'added',
    set: (next) => (keptSort.value = next),
  })
  const size = computed<TileSize>({
    get: () => tileSizes.find(({ id }) => id === keptSize.value)?.id ?? 'medium',
    set: (next) => (keptSize.value = next),
  })
  const tileRem = computed(() => tileSizes.find(({ id }) => id === size.value)!.rem)
  const shown = computed(() =>
    arrangeItems(library.items, {
      query: query.value,
      sort: sort.value,
      fileNameOf: (item) => baseName(pathOfItem(item) ?? ''),
    }),
  )
  return { query, renaming, sort, size, tileRem, shown }
})
