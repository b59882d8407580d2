import type { BrowserWindow, Dialog } from 'electron'

type MessageBox = Pick<Dialog, 'showMessageBox'>

/** The exports that run now. */
export interface ExportsUnderWay {
  /** Those of the engine, which keep their finished frames. */
  readonly resumable: boolean
  /** Films that the window encodes, which do not. */
  readonly films: boolean
}

const buttons = ['Keep exporting', 'Stop and quit']

/** What closing would cost, in a sentence; null when it would cost nothing. */
function consequence({ resumable, films }: ExportsUnderWay): string | null {
  if (films) return 'A film that is stopped has to be exported again from its beginning.'
  if (resumable) return 'Finished frames are kept: export to the same place again, and it goes on from there.'
  return null
}

/** Has a window ask before it closes while exports run, and stay when that is the answer. */
export function askBeforeClosing(
  window: BrowserWindow,
  dialog: MessageBox,
  underWay: () => ExportsUnderWay,
): void {
  let answer: 'none' | 'awaited' | 'quit' = 'none'
  window.on('close', (event) => {
    const detail = answer === 'quit' ? null : consequence(underWay())
    if (detail === null) return
    event.preventDefault()
    if (answer === 'awaited') return
    answer = 'awaited'
    void ask(window, dialog, detail).then((given) => {
      answer = given
      if (answer === 'quit') window.close()
    })
  })
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
