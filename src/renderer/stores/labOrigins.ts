import { nfe } from '#core/diffusion/cost'
import type { LatentSource } from '#shared/latentSource'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { useEncoding } from './encoding'
import { isPicture, useLibrary, type Item } from './library'
import { useSettings } from './settings'

/** The source of the x_T of strips and grids. */
export type OriginKind = 'library' | 'seeds'

/**
 * The x_T from which the Lab’s strips and grids are drawn: the library’s under the current settings, or seeds.
 */
export const useLabOrigins = defineStore('labOrigins', () => {
  const library = useLibrary()
  const settings = useSettings()
  const encoding = useEncoding()
  const wanted = ref<OriginKind>('library')
  const seed = ref(0)
  /** Ids of the items that were put at the corners. */
  const chosenIds = shallowRef<readonly string[]>([])
  /**
   * All items in order of preference: those put at the corners, then selected ones, then the rest of the
   * library.
   */
  const items = computed<readonly Item[]>(() => {
    const chosen = chosenIds.value.flatMap((id) => library.byId.get(id) ?? [])
    const all = new Set<Item>([...chosen, ...library.selected, ...library.items])
    return [...all].filter((item) => settings.latentOf(item) !== null)
  })

  function chooseCorners(corners: readonly Item[]): void {
    chosenIds.value = corners.map(({ id }) => id)
  }

  /** Whether the library has enough items to offer a choice between it and seeds. */
  function hasItems(least: number): boolean {
    return items.value.length >= least
  }

  /** Returns the source for `least` x_T: seeds if the library has too few. */
  function kindFor(least: number): OriginKind {
    return hasItems(least) ? wanted.value : 'seeds'
  }

  /** Returns `count` x_T with their names; fewer if the library does not have that many. */
  function take(kind: OriginKind, count: number): { name: string; latent: LatentSource; item: Item }[] {
    const taken = kind === 'library' ? items.value.slice(0, count) : seeds(count)
    return taken.map((item) => ({
      name: kind === 'seeds' ? item.name.toLowerCase() : item.name,
      latent: settings.latentOf(item)!,
      item,
    }))
  }

  /** Returns seed latents: the library's own where it has them, new ones otherwise. */
  function seeds(count: number): Item[] {
    return Array.from({ length: count }, (_unused, at) => {
      const value = seed.value + at
      const known = library.latents.find((one) => one.kind === 'seed' && one.seed === value)
      return known ?? { id: `seed-${value}`, name: `Seed ${value}`, kind: 'seed' as const, seed: value }
    })
  }

  /** Returns the network evaluations still needed to encode the pictures among the first items. */
  function encodingCost(kind: OriginKind, count: number): number {
    const taken = kind === 'library' ? items.value.slice(0, count) : []
    return (
      taken.filter(isPicture).filter(encoding.isMissing).length *
      nfe({ ...settings.encode, ...settings.schedule }).encode
    )
  }

  return { wanted, seed, items, chooseCorners, hasItems, kindFor, take, encodingCost }
})
