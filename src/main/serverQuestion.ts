import type { BrowserWindow, Dialog } from 'electron'
import type { InferenceServer } from '#shared/inferenceServer'

const use = 'Use this server'
const buttons = ['Cancel', use]

/**
 * Returns whether the window may put a server into the preferences. The user is asked unless the saved one has the same
 * address and certificate authority: a compromised page could otherwise send the user's work anywhere.
 */
export async function mayUseServer(
  dialog: Pick<Dialog, 'showMessageBox'>,
  window: BrowserWindow,
  wanted: InferenceServer,
  saved: InferenceServer | null,
): Promise<boolean> {
  if (wanted.url === saved?.url && wanted.ca === saved.ca) return true
  const trust =
    wanted.ca === undefined ? '' : `\n\nIts certificate may be signed by the authority in ${wanted.ca}.`
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `Use the server at ${new URL(wanted.url).href}?`,
    detail: `All that you encode and decode is sent there, with the access token that the app was started with, if any.${trust}`,
    buttons,
    defaultId: 0,
    cancelId: 0,
  })
  return buttons[response] === use
}
