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
 * Makes a window ask before closing while exports run or changes are unsaved; the answer may keep it open.
 */
export function askBeforeClosing(window: BrowserWindow, dialog: MessageBox, closing: Closing): void {
  let asking = false
  let agreed = false
  window.on('close', (event) => {
    const detail = agreed ? null : consequence(closing.underWay())
    const unsaved = closing.unsaved()
    if (detail === null && unsaved === null) return
    event.preventDefault()
    if (asking) return
    asking = true
    const question =
      detail === null ? offerToSave(window, dialog, unsaved!, closing) : ask(window, dialog, detail)
    void question.then((answer) => {
      asking = false
      if (answer !== 'quit') return
      agreed = true
      window.close()
    })
  })
}

async function offerToSave(
  window: BrowserWindow,
  dialog: MessageBox,
  name: string,
  { saveAndClose, discard }: Closing,
): Promise<'quit' | 'none'> {
  const answer = await askToSave(dialog, window, name, ' before closing')
  if (answer === 'save') saveAndClose()
  if (answer !== 'discard') return 'none'
  discard()
  return 'quit'
}

async function ask(window: BrowserWindow, dialog: MessageBox, detail: string): Promise<'quit' | 'none'> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'An export is still running.',
    detail,
    buttons,
    defaultId: 0,
    cancelId: 0,
  })
  return buttons[response] === 'Stop and quit' ? 'quit' : 'none'
}
