import { nfe } from '#core/diffusion/cost'
import type { LatentSource } from '#shared/settings'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useEncoding } from './encoding'
import { useLibrary } from './library'
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
  /** The library, selected pictures first. */
  const pictures = computed(() => [
    ...library.selectedPictures,
    ...library.pictures.filter(({ id }) => !library.selectedIds.includes(id)),
  ])

  /** Whether there are pictures enough to choose between them and seeds. */
  function hasPictures(least: number): boolean {
    return pictures.value.length >= least
  }

  /** What is taken where `least` are needed: seeds where there are too few pictures. */
  function kindFor(least: number): OriginKind {
    return hasPictures(least) ? wanted.value : 'seeds'
  }

  /** `count` x_T and what people call them; of pictures fewer where there are not so many. */
  function take(kind: OriginKind, count: number): { name: string; latent: LatentSource }[] {
    if (kind === 'pictures') {
      return pictures.value
        .slice(0, count)
        .map((one) => ({ name: one.name, latent: settings.pictureLatentOf(one) }))
    }
    return Array.from({ length: count }, (_unused, at) => ({
      name: `seed ${seed.value + at}`,
      // Of a class-conditional model, the first class.
      latent: { kind: 'seed', seed: seed.value + at, class: settings.classes === null ? undefined : 0 },
    }))
  }

  /** Network evaluations that encoding the first pictures still takes. */
  function encodingCost(kind: OriginKind, count: number): number {
    const missing = kind === 'pictures' ? pictures.value.slice(0, count).filter(encoding.isMissing).length : 0
    return missing * nfe(settings.encode).encode
  }

  return { wanted, seed, hasPictures, kindFor, take, encodingCost }
})
