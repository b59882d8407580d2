import { toFailure, type Failure } from '#shared/errors'
import { LRUCache } from 'lru-cache'
import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { request } from '../api'
import { stableJson } from '../stableJson'
import { sourceOf, type Picture } from './library'

/** Side in pixels: sharp at the largest tile on a display of twice the usual density. */
const side = 224
const maxThumbnails = 600

/** What the model sees of each picture, small, as PNG bytes. */
export const useThumbnails = defineStore('thumbnails', () => {
  const cache = new LRUCache<string, Promise<Uint8Array>>({ max: maxThumbnails })
  const damages = shallowReactive(new Map<string, Failure>())

  /** The picture as it is fitted to the model. A failure is not kept, so that asking again tries again. */
  function thumbnailOf(picture: Picture): Promise<Uint8Array> {
    const key = stableJson([picture.info.path, picture.info.sha256, picture.fit])
    const known = cache.get(key)
    if (known) return known
    const asked = request('picture.preview', { picture: sourceOf(picture), size: side })
    cache.set(key, asked)
    asked.then(
      () => damages.delete(picture.info.path),
      (thrown: unknown) => {
        cache.delete(key)
        const failure = toFailure(thrown)
        if (failure.code === 'BAD_PICTURE') damages.set(picture.info.path, failure)
      },
    )
    return asked
  }

  /** Why a picture cannot be decoded, which taking it in, by its header alone, did not find; null as far as known. */
  const damageOf = ({ info }: Picture): Failure | null => damages.get(info.path) ?? null

  return { thumbnailOf, damageOf }
})
