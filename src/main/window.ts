import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import type { ProjectShown } from '#shared/app'
import type { JsonFile } from './JsonFolder'
import { safeWebPreferences } from './webPreferences'
import { placeWindow, smallestWindow, type WindowPlace } from './windowPlace'

export interface WindowOptions {
  /** Path of the built preload script. */
  readonly preload: string
  readonly developer: boolean
  /** Where the window was when it was last closed. */
  readonly place: JsonFile<WindowPlace | null>
}

/** The page's background, so that nothing flashes before its first frame: the renderer's token `--panel`. */
const backgrounds = { light: '#f1f1f1', dark: '#212121' } as const

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}

/** Creates the app's only window. It loads nothing yet and becomes visible once its page has been drawn. */
export function createMainWindow({ preload, developer, place }: WindowOptions): BrowserWindow {
  const screens = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...placeWindow(place.value, screens),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Slerp Studio',
    show: false,
    // The window offers the whole menu too; where it is not at the top of the screen, Alt shows it.
    autoHideMenuBar: true,
    backgroundColor: background(),
    webPreferences: { ...safeWebPreferences(developer), preload },
  })
  // The title names the project, and the page itself cannot set it.
  window.on('page-title-updated', (event) => event.preventDefault())
  // Maximizing would show the window as well, so it has to wait for the first frame too.
  window.once('ready-to-show', () => (place.value?.maximized ? window.maximize() : window.show()))
  rememberPlace(window, place)
  followTheme(window)
  return window
}

function rememberPlace(window: BrowserWindow, place: JsonFile<WindowPlace | null>): void {
  window.on('close', () => {
    // The normal bounds are those to restore from the maximized state.
    const saved = place.save({ ...window.getNormalBounds(), maximized: window.isMaximized() })
    // An unwritable disk may cost the window's position, but must not keep the window from closing.
    saved.catch((error: unknown) => console.error(error))
  })
}

function followTheme(window: BrowserWindow): void {
  const follow = (): void => window.setBackgroundColor(background())
  nativeTheme.on('updated', follow)
  window.on('closed', () => nativeTheme.off('updated', follow))
}

/** Shows the open project, and whether its file lacks changes, in the style of each system. */
export function showInTitle(window: BrowserWindow, { path, name, dirty }: ProjectShown): void {
  const mac = process.platform === 'darwin'
  window.setTitle(`${dirty && !mac ? '• ' : ''}${name} – Slerp Studio`)
  if (!mac) return
  window.setDocumentEdited(dirty)
  window.setRepresentedFilename(path ?? '')
}

/** Chromium's error code for a load that was superseded by another. */
const aborted = -3

/**
 * Loads the page and waits until it has loaded.
 *
 * @throws Error if the page itself cannot be loaded. A crash of its process meanwhile does not count: {@link
 *   reloadAfterCrash} reloads it, although the promise of `loadURL` would reject.
 */
export function loadPage({ webContents }: BrowserWindow, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    webContents.once('did-finish-load', () => resolve())
    webContents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
      if (isMainFrame && code !== aborted)
        reject(new Error(`Its window could not be loaded (${description}): install it again.`))
    })
    webContents.loadURL(url).catch(() => undefined)
  })
}

/** Two crashes closer together than this are no coincidence, and a third page would not fare better. */
const crashLoopMilliseconds = 10_000

/** Reloads the page when its process has crashed: the current work is saved, so little is lost. */
export function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrash = -Infinity
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const now = performance.now()
    const isLoop = now - lastCrash < crashLoopMilliseconds
    lastCrash = now
    if (!isLoop) return window.reload()
    dialog.showErrorBox(
      'Slerp Studio stopped',
      `Its window keeps ending unexpectedly (${reason}): start it again.`,
    )
    window.destroy()
  })
}
