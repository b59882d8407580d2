import { nfe } from '#core/diffusion/cost'
import type { LatentSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useEncoding } from './encoding'
import { useLibrary, type Item } from './library'
import { useSettings } from './settings'

/** Where the x_T of strips and grids come from. */
export type OriginKind = 'pictures' | 'seeds'

/** The x_T that the Lab's strips and grids begin with: those of pictures under the current settings, or of seeds. */
export const useLabOrigins = defineStore('labOrigins', () => {
  const library = useLibrary()
  const settings = useSettings()
  const encoding = useEncoding()
  const wanted = ref<OriginKind>('pictures')
  const seed = ref(0)
  /** Items that were put at the corners, by their ids. */
  const chosenIds = shallowRef<readonly string[]>([])
  /** Items put at the corners, then selected pictures, then those of the rest of the library. */
  const pictures = computed<readonly Item[]>(() => {
    const chosen = chosenIds.value.flatMap((id) => library.byId.get(id) ?? [])
    const all = new Set<Item>([...chosen, ...library.selectedPictures, ...library.pictures])
    return [...all].filter((item) => settings.latentOf(item) !== null)
  })

  function chooseCorners(items: readonly Item[]): void {
    chosenIds.value = items.map(({ id }) => id)
  }

  /** Whether there are pictures enough to choose between them and seeds. */
  function hasPictures(least: number): boolean {
    return pictures.value.length >= least
  }

  /** What is taken where `least` are needed: seeds where there are too few pictures. */
  function kindFor(least: number): OriginKind {
    return hasPictures(least) ? wanted.value : 'seeds'
  }

  /** `count` x_T and what people call them; of pictures fewer where there are not so many. */
  function take(kind: OriginKind, count: number): { name: string; latent: LatentSource; item: Item }[] {
    const items = kind === 'pictures' ? pictures.value.slice(0, count) : seeds(count)
    return items.map((item) => ({
      name: kind === 'seeds' ? item.name.toLowerCase() : item.name,
      latent: settings.latentOf(item)!,
      item,
    }))
  }

  /** Those that the library holds, and new ones for the rest. */
  function seeds(count: number): Item[] {
    return Array.from({ length: count }, (_unused, at) => {
      const wanted = seed.value + at
      const known = library.latents.find((one) => one.kind === 'seed' && one.seed === wanted)
      return known ?? { id: `seed-${wanted}`, name: `Seed ${wanted}`, kind: 'seed' as const, seed: wanted }
    })
  }

  /** Network evaluations that encoding the first pictures still takes. */
  function encodingCost(kind: OriginKind, count: number): number {
    const missing = kind === 'pictures' ? pictures.value.slice(0, count).filter(encoding.isMissing).length : 0
    return missing * nfe(settings.encode).encode
  }

  return { wanted, seed, pictures, chooseCorners, hasPictures, kindFor, take, encodingCost }
})
