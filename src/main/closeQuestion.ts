import type { BrowserWindow, Dialog } from 'electron'
import type { RunningRequests } from './ipc/RunningRequests'
import type { WorkQueue } from './ipc/workHandlers'
import type { OutputFiles } from './OutputFiles'
import { askToSave } from './saveQuestion'

type MessageBox = Pick<Dialog, 'showMessageBox'>

/** The work in progress that closing would stop. */
export interface WorkUnderWay {
  /** Whether a project, or a copy of one, is being written. */
  readonly saving: boolean
  /** Exports by the engine, which keep their finished frames. */
  readonly resumable: boolean
  /** Films that the window encodes, which keep nothing. */
  readonly films: boolean
  /** The number of exports that wait for their turn. */
  readonly waiting: number
}

/** Returns what closing would stop, by the requests that run and the files that are open for writing. */
export function workUnderWay(
  running: Pick<RunningRequests, 'isRunning'>,
  outputs: Pick<OutputFiles, 'isWriting'>,
  { waiting }: WorkQueue,
): WorkUnderWay {
  return {
    saving: running.isRunning('project.save'),
    resumable: running.isRunning('animation.export'),
    // A film begins with its provenance, for which its pictures are encoded.
    films: outputs.isWriting || running.isRunning('animation.provenance'),
    waiting,
  }
}

/** A question before work is stopped. */
interface StopQuestion {
  readonly message: string
  /** Says in a sentence what closing would lose. */
  readonly detail: string
  /** The answer that keeps the window open. */
  readonly keep: string
}

const stop = 'Stop and quit'

/** Returns what has to be asked before work is stopped; nothing if there is none. */
function questionsOf({ saving, resumable, films, waiting }: WorkUnderWay): StopQuestion[] {
  const ofSave = {
    message: 'The project is still being saved.',
    detail: 'If you stop it, nothing is written: a file of that name stays as it was.',
    keep: 'Keep saving',
  }
  const ofRunning = films
    ? 'If you stop it, the video has to be exported again from the start.'
    : 'Finished frames are kept: export to the same place again to continue.'
  const more = `${waiting} more ${waiting === 1 ? 'is' : 'are'} waiting`
  const ofExport = {
    message: waiting === 0 ? 'An export is still running.' : `An export is still running, and ${more}.`,
    detail: waiting === 0 ? ofRunning : `${ofRunning} Waiting exports have to be started again.`,
    keep: 'Keep exporting',
  }
  const isExporting = films || resumable || waiting > 0
  return [...(saving ? [ofSave] : []), ...(isExporting ? [ofExport] : [])]
}

/** What closing depends on. */
export interface Closing {
  underWay(): WorkUnderWay
  /** Name of the project whose file lacks changes, if any. Work never saved is kept for the next start. */
  unsaved(): string | null
  /** Makes the window save the project and then close. */
  saveAndClose(): void
  /** Discards the changes. */
  discard(): void
}

/**
 * Makes a window ask before closing while work is under way or changes are unsaved; the answers may keep it
 * open. They count only together, and only for this one closing.
 */
export function askBeforeClosing(window: BrowserWindow, dialog: MessageBox, closing: Closing): void {
  let asking = false
  let agreed = false
  window.on('close', (event) => {
    const isAgreed = agreed
    agreed = false
    if (isAgreed || (closing.unsaved() === null && questionsOf(closing.underWay()).length === 0)) return
    event.preventDefault()
    if (asking) return
    asking = true
    void mayClose(window, dialog, closing).then((may) => {
      asking = false
      if (!may) return
      agreed = true
      window.close()
    })
  })
}

/** Asks about changes first: once they are saved, the window closes again, and only then asks about other work. */
async function mayClose(window: BrowserWindow, dialog: MessageBox, closing: Closing): Promise<boolean> {
  const unsaved = closing.unsaved()
  const answer = unsaved === null ? null : await askToSave(dialog, window, unsaved, ' before closing')
  if (answer === 'save') closing.saveAndClose()
  if (answer !== null && answer !== 'discard') return false
  for (const question of questionsOf(closing.underWay())) {
    if (!(await mayStop(window, dialog, question))) return false
  }
  if (answer === 'discard') closing.discard()
  return true
}

async function mayStop(
  window: BrowserWindow,
  dialog: MessageBox,
  { message, detail, keep }: StopQuestion,
): Promise<boolean> {
  const buttons = [keep, stop]
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message,
    detail,
    buttons,
    defaultId: 0,
    cancelId: 0,
  })
  return buttons[response] === stop
}
