import type { WebPreferences } from 'electron'

/**
 * Returns the preferences that every window has: its page runs in a sandbox without Node, apart from the preload's
 * world, and cannot show guest pages or be replaced by a dropped file.
 *
 * @param developer  whether the developer tools can be opened
 */
export function safeWebPreferences(developer: boolean): WebPreferences {
  return {
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: developer,
  }
}
