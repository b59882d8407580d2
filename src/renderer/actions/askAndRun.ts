import { toFailure } from '#shared/errors'
import { useNotices, type Notice } from '../stores/notices'

/** A task that first needs a target: a file to write, or a folder to open. */
export interface Task<Target> {
  /** Asks for the target in a dialog; null if the user cancels. */
  ask: () => Promise<Target | null>
  /**
   * Does the work; rejects if it fails.
   *
   * @param overwrite  whether a file of that name may be replaced: only after the user has agreed
   */
  run: (target: Target, overwrite: boolean) => unknown
  /** Returns the notice that reports success; left out if the window shows the result anyway. */
  done?: (target: Target) => Pick<Notice, 'title'> & Partial<Notice>
  /** The title of the notice that reports a failure. */
  failed: string
}

/**
 * Asks for the target, runs the task and reports how it ended. After a failure, the notice offers to try again,
 * or to replace the file that is in the way. Never rejects.
 */
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
