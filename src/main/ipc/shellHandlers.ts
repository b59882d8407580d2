import type { Clipboard, Shell } from 'electron'
import { stat } from 'node:fs/promises'
import { StudioError } from '#shared/errors'
import { explained } from '#files/fileErrors'
import type { HandlersOf } from './handlers'

export interface ShellHandlerParts {
  readonly shell: Pick<Shell, 'showItemInFolder' | 'openPath'>
  readonly clipboard: Pick<Clipboard, 'writeText'>
  /** Path of the engine's log. */
  readonly log: string
}

export function shellHandlers({ shell, clipboard, log }: ShellHandlerParts): HandlersOf<'shell'> {
  return {
    async 'shell.reveal'({ path }) {
      await explained(path, 'read', () => stat(path))
      shell.showItemInFolder(path)
      return null
    },

    async 'shell.openLog'() {
      await explained(log, 'read', () => stat(log))
      const failure = await shell.openPath(log)
      if (failure)
        throw new StudioError('UNREADABLE', `"${log}" couldn’t be opened: ${failure}`, { path: log })
      return null
    },

    async 'shell.copyText'({ text }) {
      await clipboard.writeText(text)
      return null
    },
  }
}
