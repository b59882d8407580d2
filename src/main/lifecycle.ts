import { app, dialog, type BrowserWindow } from 'electron'
import { accessSync, constants } from 'node:fs'
import { z } from 'zod'
import { makeFolderSync } from '#files/makeFolder'
import { filesInArguments, type OpenedFiles } from './OpenedFiles'

/** What a second instance of the app passes to the first before it quits. */
const handedOver = z.object({ paths: z.array(z.string()) })

function filesOfThisStart(): string[] {
  const program = app.isPackaged ? process.argv[0] : app.getAppPath()
  return filesInArguments(process.argv, program, process.cwd())
}

/** Locks the app's folder. If another instance holds it, passes this start's files to that one and quits. */
export function becomeTheOnlyInstance(): boolean {
  const folder = app.getPath('userData')
  if (!isWritable(folder)) {
    // If the lock cannot be written, Electron says that another instance holds it, and the app would vanish.
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

/** Whether files can be created in a folder; creates the folder if it is missing. */
function isWritable(folder: string): boolean {
  try {
    makeFolderSync(folder)
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Collects the files this start was given on the command line or by macOS, and those that later starts hand over. It
 * listens from the beginning, because a question can hold up the window for as long as nobody answers it.
 */
export function takeOpenedFiles(openedFiles: OpenedFiles): void {
  openedFiles.add(filesOfThisStart())
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openedFiles.add([path])
  })
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const parsed = handedOver.safeParse(data)
    if (parsed.success) openedFiles.add(parsed.data.paths)
  })
}

/** Shows the window that is there already whenever the app is started again. */
export function bringToFrontOnSecondStart(window: BrowserWindow): void {
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore()
    window.focus()
  })
}

/** How long the app waits for running work to end before it quits anyway. */
const quitMilliseconds = 5000

/** Quits with the last window, once `stop` has ended running work and saved everything. */
export function stopBeforeQuit(stop: () => Promise<unknown>): void {
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => {
    event.preventDefault()
    // Nothing that hangs may keep the user from quitting.
    setTimeout(() => app.exit(), quitMilliseconds)
    void stop().finally(() => app.exit())
  })
}

/** Reports a failed start: without its window the app has no other way to say why. */
export function endWithError(error: unknown): void {
  dialog.showErrorBox('Slerp Studio cannot start', error instanceof Error ? error.message : String(error))
  app.exit(1)
}
