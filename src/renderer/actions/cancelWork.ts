import { useNotices } from '../stores/notices'
import { useRunningWork } from '../stores/runningWork'

/** Cancels the running work that was started last, and shows a notice about it. */
export function cancelWork(): void {
  const work = useRunningWork().foremost
  if (!work) return
  work.cancel()
  const { cancelled, resume } = work
  useNotices().show({ ...cancelled, action: resume ? { label: 'Resume', run: resume } : null })
}
