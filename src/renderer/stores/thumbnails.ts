import { toFailure, type Failure } from '#shared/errors'
import { LRUCache } from 'lru-cache'
import { defineStore } from 'pinia'
import { computed, shallowReactive } from 'vue'
import { request } from '../base/api'
import { stableJson } from '../base/stableJson'
import { sourceOf, type Picture } from './library'
import { useModel } from './model'

/** Longer side in pixels: sharp at the largest tile on a display of twice the usual density. */
const longerSide = 224
const maxThumbnails = 600

/** What the model sees of each picture, small, as PNG bytes. */
export const useThumbnails = defineStore('thumbnails', () => {
  const model = useModel()
  /** In pixels, of the model's aspect. */
  const size = computed(() => thumbnailSize(model.info?.picture ?? { width: 1, height: 1 }))
  const cache = new LRUCache<string, Promise<Uint8Array>>({ max: maxThumbnails })
  const damages = shallowReactive(new Map<string, Failure>())

  /** The picture as it is fitted to the model. A failure is not kept, so that asking again tries again. */
  function thumbnailOf(picture: Picture): Promise<Uint8Array> {
    const key = stableJson([picture.info.path, picture.info.sha256, picture.fit, size.value])
    const known = cache.get(key)
    if (known) return known
    const asked = request('picture.preview', { picture: sourceOf(picture), ...size.value })
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

  return { size, thumbnailOf, damageOf }
})

function thumbnailSize({ width, height }: { width: number; height: number }) {
  const scale = longerSide / Math.max(width, height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
