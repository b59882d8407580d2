import type { HandlersOf } from './handlers'

/** What of Electron tells the system of long work. */
export interface WorkHandlerParts {
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
  /** Shows a notification of the system; `onClick` is called when it is clicked. */
  notify(title: string, detail: string, onClick: () => void): void
}

/** Taskbar progress, no sleep while something runs, and a notification for whoever has looked away. */
export function workHandlers({ window, power, notify }: WorkHandlerParts): HandlersOf<'work'> {
  let awake: number | null = null
  return {
    async 'work.report'({ share }) {
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
