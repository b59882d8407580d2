import type { BrowserWindow, Dialog, Shell } from 'electron'
import { join } from 'node:path'
import { writeAtomicFile } from '#files/atomicFile'
import type { About, LatestRelease, ManualPage } from '#shared/help'
import type { HandlersOf } from './handlers'

export interface HelpHandlerParts {
  readonly dialog: Pick<Dialog, 'showSaveDialog'>
  readonly shell: Pick<Shell, 'openPath'>
  readonly window: BrowserWindow
  readonly documentsFolder: string
  readonly logFolder: string
  readonly about: () => Promise<About>
  readonly diagnostics: () => Promise<string>
  readonly latestRelease: () => Promise<LatestRelease>
  readonly showManual: (page: ManualPage) => Promise<void>
}

/** What the Help menu offers: version, releases, manual, logs, and the report of a problem. */
export function helpHandlers(parts: HelpHandlerParts): HandlersOf<'help'> {
  return {
    'help.about': () => parts.about(),
    'help.diagnostics': () => parts.diagnostics(),
    'help.latestRelease': () => parts.latestRelease(),

    async 'help.showManual'({ page }) {
      await parts.showManual(page)
      return null
    },

    async 'help.showLogs'() {
      await parts.shell.openPath(parts.logFolder)
      return null
    },

    async 'help.saveDiagnostics'({ text }) {
      const { filePath } = await parts.dialog.showSaveDialog(parts.window, {
        title: 'Save the report',
        defaultPath: join(parts.documentsFolder, 'slerp-studio-report.txt'),
        filters: [{ name: 'Text', extensions: ['txt'] }],
      })
      if (!filePath) return null
      await writeAtomicFile(filePath, Buffer.from(text), { overwrite: true })
      return filePath
    },
  }
}
