import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { createTickets } from '../base/tickets'
import { useNotices } from '../stores/notices'

/**
 * The bitmap that `draw` makes of the newest subject. The previous bitmap stays until the new one is ready, so
 * nothing flickers. A bitmap that arrives too late is closed. A failure is shown as a notice titled `title`.
 */
export function useLatestBitmap<Subject>(
  subject: () => Subject,
  draw: (subject: Subject) => Promise<ImageBitmap | null>,
  title: string,
): Readonly<ShallowRef<ImageBitmap | null>> {
  const bitmap = shallowRef<ImageBitmap | null>(null)
  const begin = createTickets()

  async function load(of: Subject): Promise<void> {
    const isLast = begin()
    try {
      const drawn = await draw(of)
      if (!isLast()) return drawn?.close()
      bitmap.value?.close()
      bitmap.value = drawn
    } catch (thrown) {
      if (isLast()) useNotices().fail(title, thrown)
    }
  }

  watch(subject, (now) => void load(now), { immediate: true })
  onScopeDispose(() => {
    begin()
    bitmap.value?.close()
  })
  return bitmap
}
