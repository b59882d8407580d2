import { toValue, type MaybeRefOrGetter } from 'vue'
import { useLatestBitmap } from '../../composables/useLatestBitmap'
import { pngBlob } from '../../base/pngBlob'

/** PNG bytes decoded for drawing. */
export function useBitmap(png: MaybeRefOrGetter<Uint8Array | null | undefined>) {
  return useLatestBitmap(
    () => toValue(png),
    async (bytes) => (bytes ? createImageBitmap(pngBlob(bytes)) : null),
    'The picture couldn’t be shown',
  )
}
