import { useEventListener, watchDebounced } from '@vueuse/core'
import { sameDocument, takeDocument, toSession, type StudioDocument } from '../actions/document'
import { request } from '../base/api'
import { useNotices } from '../stores/notices'

const quietMilliseconds = 800

/**
 * Keeps the work on the table on disk, a moment after each change and when the window closes.
 *
 * @returns a function to call once the session of last time is back: what is there then counts as kept, so that pictures
 *   on a disk that is only missing today are not forgotten for good
 */
export function useAutosave(): () => void {
  let kept: StudioDocument | null = null

  function save(): void {
    const now = takeDocument()
    if (kept === null || sameDocument(kept, now)) return
    const before = kept
    kept = now
    request('app.saveSession', toSession(now)).catch((thrown: unknown) => {
      if (kept === now) kept = before
      useNotices().fail('Your work couldn’t be saved', thrown)
    })
  }

  watchDebounced(() => Object.values(takeDocument()), save, { debounce: quietMilliseconds, maxWait: 5000 })
  useEventListener(window, 'beforeunload', save)
  return () => void (kept = takeDocument())
}
