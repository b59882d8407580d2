import { computed, onScopeDispose, shallowRef, watch, type MaybeRefOrGetter, toValue } from 'vue'
import { pngBlob } from '../pngBlob'

/** A URL for PNG bytes, given back when the bytes change and when the component goes. */
export function usePngUrl(png: MaybeRefOrGetter<Uint8Array | null | undefined>) {
  const url = shallowRef<string | null>(null)

  function release(): void {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = null
  }

  watch(
    () => toValue(png),
    (bytes) => {
      release()
      if (bytes) {
        url.value = URL.createObjectURL(pngBlob(bytes))
      }
    },
    { immediate: true },
  )
  onScopeDispose(release)
  return computed(() => url.value)
}
