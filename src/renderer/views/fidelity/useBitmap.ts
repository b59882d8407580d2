import { onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { pngBlob } from '../../pngBlob'

/** PNG bytes decoded for drawing. The bitmap before stays until the next one is ready, so nothing flickers. */
export function useBitmap(
  png: MaybeRefOrGetter<Uint8Array | null | undefined>,
): Readonly<ShallowRef<ImageBitmap | null>> {
  const bitmap = shallowRef<ImageBitmap | null>(null)
  let wanted = 0

  async function decode(bytes: Uint8Array | null | undefined): Promise<void> {
    const ticket = ++wanted
    const blob = bytes && pngBlob(bytes)
    const next = blob ? await createImageBitmap(blob) : null
    if (ticket !== wanted) return next?.close()
    bitmap.value?.close()
    bitmap.value = next
  }

  watch(
    () => toValue(png),
    (bytes) => void decode(bytes),
    { immediate: true },
  )
  onScopeDispose(() => {
    wanted++
    bitmap.value?.close()
  })
  return bitmap
}
