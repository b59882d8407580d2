import { shallowRef, watch } from 'vue'
import { createTickets } from '../base/tickets'
import { useEncoding } from '../stores/encoding'
import { isPicture, type Item } from '../stores/library'
import { useMissing } from '../stores/missing'
import { useThumbnails } from '../stores/thumbnails'

/** An item's thumbnail as PNG bytes, null until they arrive, and whether it cannot be shown. */
export function useThumbnail(item: () => Item) {
  const thumbnails = useThumbnails()
  const encoding = useEncoding()
  const missing = useMissing()
  const png = shallowRef<Uint8Array | null>(null)
  const broken = shallowRef(false)
  const begin = createTickets()

  async function load(next: Item, there: boolean): Promise<void> {
    const isLast = begin()
    if (!there) {
      ;[png.value, broken.value] = [null, ['failed', 'missing'].includes(encoding.stateOf(next).kind)]
      return
    }
    try {
      const bytes = await thumbnails.thumbnailOf(next)
      if (isLast()) [png.value, broken.value] = [bytes, false]
    } catch {
      // The code that uses the item reports why it cannot be read; here its picture is simply missing.
      if (isLast()) [png.value, broken.value] = [null, true]
    }
  }

  /**
   * Identifies what is drawn; null if there is nothing yet. For a picture: its file, or a kept copy if the file
   * is missing. For any other latent: its decoded picture under the current settings, once it is ready.
   */
  const content = (): string | null => {
    if (isPicture(item())) return 'picture'
    return encoding.isReady(item()) ? encoding.keyOf(item()) : null
  }

  // A file may be found again at the same path, in which case the item is unchanged.
  const isMissing = (): boolean => missing.isMissing(item())
  watch(
    [item, () => thumbnails.size, content, isMissing],
    ([next, , there]) => void load(next, there !== null),
    { immediate: true },
  )
  return { png, broken }
}
