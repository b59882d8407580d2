import { watchDebounced } from '@vueuse/core'
import { request } from '../api'
import { useNotices } from '../stores/notices'
import { takeDocument, toSession } from './document'

const quietMilliseconds = 800

/**
 * Keeps the work on the table on disk, a moment after each change.
 *
 * @param ready  false until the session of last time is back: it must not be overwritten by nothing
 */
export function useAutosave(ready: () => boolean): void {
  const save = (): void => {
    if (!ready()) return
    request('app.saveSession', toSession(takeDocument())).catch((thrown: unknown) =>
      useNotices().fail('Your work could not be kept for the next start', thrown),
    )
  }
  watchDebounced(() => Object.values(takeDocument()), save, { debounce: quietMilliseconds, maxWait: 5000 })
}
