import { toFailure } from '#shared/errors'
import { useNotices, type Notice } from '../stores/notices'

/** Something that needs to know where to, or what on: a file to write, a folder to open. */
export interface Task<Target> {
  /** Asks for it in a dialog; null when the person cancels. */
  ask: () => Promise<Target | null>
  /**
   * Does it; rejects when it fails.
   *
   * @param overwrite  whether a file of that name may be replaced: only after the person said so
   */
  run: (target: Target, overwrite: boolean) => unknown
  /** Says that it is done; nothing where the window shows it anyway. */
  done?: (target: Target) => Pick<Notice, 'title'> & Partial<Notice>
  /** What a message of a failure is called. */
  failed: string
}

/** Asks, runs, announces; a failure offers to try again, or to replace the file that is in the way. Never rejects. */
export async function askAndRun<Target>(task: Task<Target>): Promise<void> {
  try {
    const target = await task.ask()
    if (target !== null) await attempt(task, target, false)
  } catch (thrown) {
    useNotices().fail(task.failed, thrown)
  }
}

async function attempt<Target>(task: Task<Target>, target: Target, overwrite: boolean): Promise<void> {
  const notices = useNotices()
  try {
    await task.run(target, overwrite)
    if (task.done) notices.show({ tone: 'good', ...task.done(target) })
  } catch (thrown) {
    const isInTheWay = toFailure(thrown).code === 'EXISTS' && !overwrite
    const again = (replace: boolean) => () => void attempt(task, target, replace)
    notices.fail(
      task.failed,
      thrown,
      isInTheWay ? { label: 'Replace', run: again(true) } : { label: 'Try again', run: again(overwrite) },
    )
  }
}
