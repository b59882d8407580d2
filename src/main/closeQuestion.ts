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

/** What an answer does: nothing, quit and stop all work, the same without the changes, or quit once they are saved. */
type Answer = 'stay' | 'quit' | 'discard' | 'save'

/** The one question about everything that closing would end or lose. */
interface CloseQuestion {
  readonly message: string
  /** Says in sentences what closing would lose. */
  readonly detail: string
  /** The first answer keeps the window open. */
  readonly answers: readonly { readonly label: string; readonly does: Answer }[]
}

/**
 * Returns what has to be asked before work is stopped; null if there is none.
 *
 * @param unsaved  name of the project whose file lacks changes, if any
 */
function questionAbout(work: WorkUnderWay, unsaved: string | null): CloseQuestion | null {
  const { saving, waiting } = work
  const exporting = isExporting(work)
  if (!saving && !exporting) return null
  const facts = [
    ...(saving ? ['the project is still being saved'] : []),
    ...(exporting ? ['an export is still running'] : []),
    ...(waiting > 0 ? [`${waiting} more ${waiting === 1 ? 'is' : 'are'} waiting`] : []),
    ...(unsaved === null ? [] : [`the changes to “${unsaved}” are not saved${saving ? ' yet' : ''}`]),
  ]
  const both = saving && exporting
  const keep = both || unsaved !== null ? 'Don’t quit' : saving ? 'Keep saving' : 'Keep exporting'
  return {
    message: sentenceOf(facts),
    detail: [...lossOfExports(work, unsaved), ...lossOfSave(work, unsaved)].join(' '),
    answers: [
      { label: keep, does: 'stay' },
      ...(unsaved === null
        ? ([{ label: 'Stop and quit', does: 'quit' }] as const)
        : ([
            { label: 'Save and quit', does: 'save' },
            { label: 'Quit without saving', does: 'discard' },
          ] as const)),
    ],
  }
}

function isExporting({ films, resumable, waiting }: WorkUnderWay): boolean {
  return films || resumable || waiting > 0
}

/** Returns sentences about what a stopped export loses. */
function lossOfExports(work: WorkUnderWay, unsaved: string | null): string[] {
  if (!isExporting(work)) return []
  return [
    // “Stop” is on no button then.
    ...(unsaved === null ? [] : ['Quitting stops the export.']),
    work.films
      ? 'A stopped video has to be exported again from the start.'
      : 'Finished frames are kept: export to the same place again to continue.',
    ...(work.waiting === 0 ? [] : ['Waiting exports have to be started again.']),
  ]
}

/** Returns sentences about what a stopped save, or none, loses. */
function lossOfSave({ saving }: WorkUnderWay, unsaved: string | null): string[] {
  if (unsaved === null) {
    return saving ? ['If the save is stopped, nothing is written: a file of that name stays as it was.'] : []
  }
  return saving
    ? ['“Quit without saving” also stops the save: the file stays as it was, and the changes are lost.']
    : ['“Quit without saving” loses the changes.']
}

/** Joins facts into one sentence. */
function sentenceOf(facts: readonly string[]): string {
  const last = facts.at(-1)!
  const text = facts.length === 1 ? last : `${facts.slice(0, -1).join(', ')}, and ${last}`
  return `${text[0].toUpperCase()}${text.slice(1)}.`
}

/** What closing depends on. */
export interface Closing {
  underWay(): WorkUnderWay
  /** Name of the project whose file lacks changes, if any. Work never saved is kept for the next start. */
  unsaved(): string | null
  /** Makes the window save the project and then call what {@link askBeforeClosing} returns. */
  saveAndClose(): void
  /** Discards the changes. */
  discard(): void
}

/**
 * Makes a window ask one question before closing while work is under way or changes are unsaved; the answer may keep it
 * open. It counts only for this one closing.
 *
 * @returns closes the window once its changes are saved, unless the user has chosen to stay meanwhile; it asks again only
 *   about changes made, or files still being saved, since then
 */
export function askBeforeClosing(window: BrowserWindow, dialog: MessageBox, closing: Closing): () => void {
  let asking = false
  let agreed = false
  /** Whether the user has agreed to stop the exports once the changes are saved. */
  let mayStopExports = false
  /** Whether the user’s last answer is to close the window once the changes are saved. */
  let closesSaved = false
  window.on('close', (event) => {
    const isAgreed = agreed
    agreed = false
    const { underWay, unsaved } = closing
    if (isAgreed || (unsaved() === null && questionAbout(underWay(), null) === null)) return
    event.preventDefault()
    if (asking) return
    asking = true
    mayStopExports = false
    const exporting = isExporting(underWay())
    void ask(window, dialog, closing).then((answer) => {
      asking = false
      closesSaved = answer === 'save'
      if (answer === 'stay') return
      mayStopExports = answer === 'save' && exporting
      if (answer === 'save') return closing.saveAndClose()
      if (answer === 'discard') closing.discard()
      // Changes made while the question was open have not been asked about.
      agreed = closing.unsaved() === null
      window.close()
    })
  })
  return () => {
    if (!closesSaved) return
    closesSaved = false
    agreed = mayStopExports && closing.unsaved() === null && !closing.underWay().saving
    mayStopExports = false
    window.close()
  }
}

async function ask(window: BrowserWindow, dialog: MessageBox, closing: Closing): Promise<Answer> {
  const unsaved = closing.unsaved()
  const question = questionAbout(closing.underWay(), unsaved)
  if (question) return askToStop(window, dialog, question)
  if (unsaved === null) return 'quit'
  const answer = await askToSave(dialog, window, unsaved, ' before closing')
  return answer === 'save' || answer === 'discard' ? answer : 'stay'
}

async function askToStop(
  window: BrowserWindow,
  dialog: MessageBox,
  { message, detail, answers }: CloseQuestion,
): Promise<Answer> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message,
    detail,
    buttons: answers.map(({ label }) => label),
    defaultId: 0,
    cancelId: 0,
  })
  return answers[response]?.does ?? 'stay'
}
