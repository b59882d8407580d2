import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import type { ProjectShown } from '#shared/app'
import type { JsonFile } from './JsonFolder'
import { placeWindow, smallestWindow, type WindowPlace } from './windowPlace'

export interface WindowOptions {
  /** Path of the built preload script. */
  readonly preload: string
  readonly developer: boolean
  /** Where the window was when it was last closed. */
  readonly place: JsonFile<WindowPlace | null>
}

/** The page's own background, so that nothing flashes before its first frame: `--panel` of the renderer's tokens. */
const backgrounds = { light: '#f1f1f1', dark: '#212121' } as const

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}

/** Makes the app's one window. It loads nothing yet and shows itself once its page has drawn. */
export function createMainWindow({ preload, developer, place }: WindowOptions): BrowserWindow {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...placeWindow(place.value, screens),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: 'Slerp Studio',
    show: false,
    // All of the menu is in the window too; Alt brings it out where it is not at the top of the screen.
    autoHideMenuBar: true,
    backgroundColor: background(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: developer,
    },
  })
  // The title tells the project, which the page itself does not know how to write.
  window.on('page-title-updated', (event) => event.preventDefault())
  // Maximizing shows the window too, so it has to wait for the first frame as well.
  window.once('ready-to-show', () => (place.value?.maximized ? window.maximize() : window.show()))
  rememberPlace(window, place)
  followTheme(window)
  return window
}

function rememberPlace(window: BrowserWindow, place: JsonFile<WindowPlace | null>): void {
  window.on('close', () => {
    // Normal bounds are those to return to from the maximized state.
    const saved = place.save({ ...window.getNormalBounds(), maximized: window.isMaximized() })
    // An unwritable disk costs the window's place and must not keep it from closing.
    saved.catch((error: unknown) => console.error(error))
  })
}

function followTheme(window: BrowserWindow): void {
  const follow = (): void => window.setBackgroundColor(background())
  nativeTheme.on('updated', follow)
  window.on('closed', () => nativeTheme.off('updated', follow))
}

/** Says which project is open, and whether its file lacks changes, in the way of each system. */
export function showInTitle(window: BrowserWindow, { path, name, dirty }: ProjectShown): void {
  const mac = process.platform === 'darwin'
  window.setTitle(`${dirty && !mac ? '• ' : ''}${name} – Slerp Studio`)
  if (!mac) return
  window.setDocumentEdited(dirty)
  window.setRepresentedFilename(path ?? '')
}

/** Chromium's code for a load that another one took the place of. */
const aborted = -3

/**
 * Loads the page and waits until it is there.
 *
 * @throws Error when the page itself cannot be loaded. A page whose process is lost on the way is none of that:
 *   {@link reloadAfterCrash} loads it anew, while the promise of `loadURL` would be rejected.
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

/** Two crashes closer than this are no accident, and a third page would not fare better. */
const crashLoopMilliseconds = 10_000

/** Loads the page again when its process was lost: the work on the table is in the session, so little is lost with it. */
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
