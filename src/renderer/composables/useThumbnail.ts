import { shallowRef, watch } from 'vue'
import { useEncoding } from '../stores/encoding'
import { isPicture, type Item } from '../stores/library'
import { useThumbnails } from '../stores/thumbnails'

/** An item, small: PNG bytes, null until they come, and whether there is nothing to see of it. */
export function useThumbnail(item: () => Item) {
  const thumbnails = useThumbnails()
  const encoding = useEncoding()
  const png = shallowRef<Uint8Array | null>(null)
  const broken = shallowRef(false)
  let wanted = 0

  async function load(next: Item, there: boolean): Promise<void> {
    const ticket = ++wanted
    if (!there) {
      ;[png.value, broken.value] = [null, encoding.stateOf(next).kind === 'failed']
      return
    }
    try {
      const bytes = await thumbnails.thumbnailOf(next)
      if (ticket === wanted) [png.value, broken.value] = [bytes, false]
    } catch {
      // Whoever works with the item says why it cannot be read; here it only looks missing.
      if (ticket === wanted) [png.value, broken.value] = [null, true]
    }
  }

  // A picture is drawn from its file, any other latent once it is there; what is kept of a missing picture, too.
  watch(
    [item, () => thumbnails.size, () => isPicture(item()) || encoding.isReady(item())],
    ([next, , there]) => void load(next, there),
    { immediate: true },
  )
  return { png, broken }
}
