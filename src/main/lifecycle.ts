import { app, dialog, type BrowserWindow } from 'electron'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { z } from 'zod'
import { filesInArguments, type OpenedFiles } from './OpenedFiles'

/** What a second start of the app tells the first before it ends. */
const handedOver = z.object({ paths: z.array(z.string()) })

function filesOfThisStart(): string[] {
  const program = app.isPackaged ? process.argv[0] : app.getAppPath()
  return filesInArguments(process.argv, program, process.cwd())
}

/**
 * Claims the app's folder. When another instance has it already, that one is given the files this one was started with,
 * and this one quits.
 */
export function becomeTheOnlyInstance(): boolean {
  const folder = app.getPath('userData')
  if (!isWritable(folder)) {
    // Without a place for the lock, the system says that another instance has it, and the app would just be gone.
    endWithError(
      new Error(
        `Its folder "${folder}" cannot be written: make it writable for you, or start with --user-data-dir=<another folder>.`,
      ),
    )
    return false
  }
  const only = app.requestSingleInstanceLock({ paths: filesOfThisStart() })
  if (!only) app.quit()
  return only
}

/** Whether files can be made in a folder, which is made itself where it is not there. */
function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Collects the files this start was given, on the command line or by macOS. */
export function takeOpenedFiles(openedFiles: OpenedFiles): void {
  openedFiles.add(filesOfThisStart())
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openedFiles.add([path])
  })
}

export function bringToFrontOnSecondStart(window: BrowserWindow, openedFiles: OpenedFiles): void {
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const parsed = handedOver.safeParse(data)
    if (parsed.success) openedFiles.add(parsed.data.paths)
    if (window.isMinimized()) window.restore()
    window.focus()
  })
}

/** How long what runs may take to end before the app quits without it. */
const quitMilliseconds = 5000

/** Quits with the last window, once `stop` has ended what runs and written what is to be kept. */
export function stopBeforeQuit(stop: () => Promise<unknown>): void {
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    event.preventDefault()
    // Whatever hangs must not keep a person from quitting.
    setTimeout(() => app.exit(), quitMilliseconds)
    void stop().finally(() => app.exit())
  })
}

/** For a start that failed: without its window the app has no other way to say why. */
export function endWithError(error: unknown): void {
  dialog.showErrorBox('Slerp Studio cannot start', error instanceof Error ? error.message : String(error))
  app.exit(1)
}
