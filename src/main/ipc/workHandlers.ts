import type { HandlersOf } from './handlers'

/** The work that begins once the running one has ended. */
export interface WorkQueue {
  /** Exports that wait for their turn. Only the window knows of them. */
  waiting: number
}

/** The parts of Electron that tell the system about long work. */
export interface WorkHandlerParts {
  readonly queue: WorkQueue
  readonly window: {
    setProgressBar(share: number): void
    isFocused(): boolean
    show(): void
    focus(): void
  }
  readonly power: {
    start(type: 'prevent-app-suspension'): number
    stop(id: number): void
  }
  /** Shows a system notification; `onClick` is called when it is clicked. */
  notify(title: string, detail: string, onClick: () => void): void
}

/** Shows progress in the taskbar, prevents sleep while work runs, and notifies a user who has looked away. */
export function workHandlers({ queue, window, power, notify }: WorkHandlerParts): HandlersOf<'work'> {
  let awake: number | null = null
  return {
    async 'work.report'({ share, waiting }) {
      queue.waiting = waiting
      window.setProgressBar(share ?? -1)
      if (share !== null) awake ??= power.start('prevent-app-suspension')
      else if (awake !== null) {
        power.stop(awake)
        awake = null
      }
      return null
    },

    async 'work.ended'({ title, detail }) {
      if (window.isFocused()) return null
      notify(title, detail, () => {
        window.show()
        window.focus()
      })
      return null
    },
  }
}
