import type { BrowserWindow, Dialog } from 'electron'
import { askToSave } from './saveQuestion'

type MessageBox = Pick<Dialog, 'showMessageBox'>

/** The exports in progress. */
export interface ExportsUnderWay {
  /** Exports by the engine, which keep their finished frames. */
  readonly resumable: boolean
  /** Films that the window encodes, which keep nothing. */
  readonly films: boolean
}

const buttons = ['Keep exporting', 'Stop and quit']

/** Says in a sentence what closing would lose; null if nothing. */
function consequence({ resumable, films }: ExportsUnderWay): string | null {
  if (films) return 'If you stop it, the video has to be exported again from the start.'
  if (resumable) return 'Finished frames are kept: export to the same place again, and it goes on from there.'
  return null
}

/** What closing depends on. */
export interface Closing {
  underWay(): ExportsUnderWay
  /** Name of the project whose file lacks changes, if any. Work never saved is kept for the next start. */
  unsaved(): string | null
  /** Makes the window save the project and then close. */
  saveAndClose(): void
  /** Discards the changes. */
  discard(): void
}

/**
 * Makes a window ask before closing while exports run or changes are unsaved; the answers may keep it open. They
 * count only together, and only for this one closing.
 */
export function askBeforeClosing(window: BrowserWindow, dialog: MessageBox, closing: Closing): void {
  let asking = false
  let agreed = false
  window.on('close', (event) => {
    const isAgreed = agreed
    agreed = false
    if (isAgreed || (closing.unsaved() === null && consequence(closing.underWay()) === null)) return
    event.preventDefault()
    if (asking) return
    asking = true
    void mayClose(window, dialog, closing).then((may) => {
      asking = false
      if (!may) return
      agreed = true
      window.close()
    })
  })
}

/** Asks about changes first: once they are saved, the window closes again, and only then asks about exports. */
async function mayClose(window: BrowserWindow, dialog: MessageBox, closing: Closing): Promise<boolean> {
  const unsaved = closing.unsaved()
  const answer = unsaved === null ? null : await askToSave(dialog, window, unsaved, ' before closing')
  if (answer === 'save') closing.saveAndClose()
  if (answer !== null && answer !== 'discard') return false
  const detail = consequence(closing.underWay())
  if (detail !== null && !(await mayStop(window, dialog, detail))) return false
  if (answer === 'discard') closing.discard()
  return true
}

async function mayStop(window: BrowserWindow, dialog: MessageBox, detail: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'An export is still running.',
    detail,
    buttons,
    defaultId: 0,
    cancelId: 0,
  })
  return buttons[response] === 'Stop and quit'
}
