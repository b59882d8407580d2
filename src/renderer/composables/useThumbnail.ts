import { shallowRef, watch } from 'vue'
import type { Picture } from '../stores/library'
import { useThumbnails } from '../stores/thumbnails'

/** A picture as the model sees it, small: PNG bytes, null until they come, and whether it cannot be read any more. */
export function useThumbnail(picture: () => Picture) {
  const thumbnails = useThumbnails()
  const png = shallowRef<Uint8Array | null>(null)
  const broken = shallowRef(false)
  let wanted = 0

  async function load(next: Picture): Promise<void> {
    const ticket = ++wanted
    try {
      const bytes = await thumbnails.thumbnailOf(next)
      if (ticket === wanted) [png.value, broken.value] = [bytes, false]
    } catch {
      // Whoever works with the picture says why it cannot be read; here it only looks missing.
      if (ticket === wanted) [png.value, broken.value] = [null, true]
    }
  }

  watch([picture, () => thumbnails.size], ([next]) => void load(next), { immediate: true })
  return { png, broken }
}
