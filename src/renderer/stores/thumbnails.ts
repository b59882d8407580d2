import { toFailure, type Failure } from '#shared/errors'
import { thumbnailSize } from '#shared/thumbnails'
import { LRUCache } from 'lru-cache'
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import { request } from '../base/api'
import { stableJson } from '#shared/stableJson'
import { useDocument } from './document'
import { isPicture, sourceOf, type Item, type Picture } from './library'
import { useModel } from './model'
import { useSettings } from './settings'

const maxThumbnails = 600

/** Thumbnails as PNG bytes: what the model sees of each picture, and what other latents decode to. */
export const useThumbnails = defineStore('thumbnails', () => {
  const model = useModel()
  /** In pixels, with the aspect ratio of the model. */
  const size = computed(() => thumbnailSize(model.info?.picture ?? { width: 1, height: 1 }))
  const cache = new LRUCache<string, Promise<Uint8Array>>({ max: maxThumbnails })
  /**
   * By the content of the file, so that a picture whose file was repaired and read again no longer counts as
   * damaged.
   */
  const damages = shallowReactive(new Map<string, Failure>())

  /** Returns the picture fitted to the model, or the decoded latent. Failures are not cached. */
  function thumbnailOf(item: Item): Promise<Uint8Array> {
    return isPicture(item) ? previewOf(item) : decoded(item)
  }

  function decoded(latent: Exclude<Item, Picture>): Promise<Uint8Array> {
    const settings = useSettings()
    const source = settings.latentOf(latent)
    if (!source || !model.source) return Promise.reject(new Error('There is no such latent.'))
    const key = stableJson([model.identity, source, settings.decode])
    const known = cache.get(key)
    if (known) return known
    const plan = { kind: 'list' as const, latents: [source] }
    const asked = request('animation.frames', {
      model: model.source,
      plan,
      indices: [0],
      decode: settings.decode,
    }).then(({ frames }) => frames[0])
    cache.set(key, asked)
    asked.catch(() => cache.delete(key))
    return asked
  }

  function previewOf(picture: Picture): Promise<Uint8Array> {
    const { projectResults } = useDocument().value
    const { path, sha256 } = picture.info
    const key = stableJson([path, sha256, picture.fit, size.value, projectResults])
    const known = cache.get(key)
    if (known) return known
    const asked = request('picture.preview', { picture: sourceOf(picture), ...size.value, projectResults })
    cache.set(key, asked)
    asked.then(
      () => damages.delete(contentOf(picture)),
      (thrown: unknown) => {
        cache.delete(key)
        const failure = toFailure(thrown)
        if (failure.code === 'BAD_PICTURE') damages.set(contentOf(picture), failure)
      },
    )
    return asked
  }

  /**
   * Why a picture cannot be decoded; null if no reason is known. Importing reads only the header of the file
   * and does not notice such damage.
   */
  const damageOf = (picture: Picture): Failure | null => damages.get(contentOf(picture)) ?? null

  return { size, thumbnailOf, damageOf }
})

const contentOf = ({ info }: Picture): string => `${info.sha256} ${info.path}`
