import type { Shell } from 'electron'
import { stat } from 'node:fs/promises'
import { explained } from '#files/fileErrors'
import type { HandlersOf } from './handlers'

export function shellHandlers(shell: Pick<Shell, 'showItemInFolder'>): HandlersOf<'shell'> {
  return {
    async 'shell.reveal'({ path }) {
      await explained(path, 'read', () => stat(path))
      shell.showItemInFolder(path)
      return null
    },
  }
}
