import { BrowserWindow } from 'electron'
import type { ManualPage } from '#shared/help'
import { manualOrigin } from '../confinement'
import { safeWebPreferences } from '../webPreferences'

let shown: BrowserWindow | null = null

/** Shows a page of the manual in a window of its own without access to the app: no preload, no bridge. */
export async function showManual(page: ManualPage, developer: boolean): Promise<void> {
  shown ??= createManualWindow(developer)
  await shown.loadURL(`${manualOrigin}/${page}.html`)
  shown.show()
  shown.focus()
}

function createManualWindow(developer: boolean): BrowserWindow {
  const window = new BrowserWindow({
    width: 980,
    height: 800,
    minWidth: 480,
    minHeight: 400,
    title: 'Slerp Studio Manual',
    show: false,
    autoHideMenuBar: true,
    // The manual has no scripts.
    webPreferences: { ...safeWebPreferences(developer), javascript: false },
  })
  // The app's menus act on its own window.
  window.removeMenu()
  window.on('closed', () => (shown = null))
  return window
}

/** Closes the manual, so that the app can end with its own window. */
export function closeManual(): void {
  shown?.close()
}
