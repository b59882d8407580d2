import type { BrowserWindow, Dialog } from 'electron'

const buttons = ['Save', 'Don’t save', 'Cancel']
const answers = ['save', 'discard', 'cancel'] as const

/** What a person wants done with changes that no file has. */
export type SaveAnswer = (typeof answers)[number]

/**
 * Asks whether to save the changes to a project before they would be lost.
 *
 * @param before  what is about to happen, as a clause: " before closing"; empty where people know
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
