import type { BrowserWindow, Dialog } from 'electron'

const buttons = ['Save', 'Don’t save', 'Cancel']
const answers = ['save', 'discard', 'cancel'] as const

/** What the user wants done with unsaved changes. */
export type SaveAnswer = (typeof answers)[number]

/**
 * Asks whether to save a project's changes before they would be lost.
 *
 * @param before  what is about to happen, as a clause: " before closing"; empty if that is obvious
 */
export async function askToSave(
  dialog: Pick<Dialog, 'showMessageBox'>,
  window: BrowserWindow,
  name: string,
  before = '',
): Promise<SaveAnswer> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Save the changes to “${name}”${before}?`,
    detail: 'They are lost if you don’t save them.',
    buttons,
    defaultId: 0,
    cancelId: 2,
  })
  return answers[response]
}
