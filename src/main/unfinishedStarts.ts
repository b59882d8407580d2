import type { Dialog } from 'electron'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { freeName } from './JsonFolder'

/** Files from the last run that a start reads and may fail on: settings, current work, window position. */
const remembered = ['preferences.json', 'session.json', 'work.json', 'window.json']

/** After this many unfinished starts in a row, the next one asks. */
const mostUnfinished = 2

const buttons = ['Start with defaults', 'Start as usual']

/** Counts starts that did not finish, in a file that each start writes and a finished one removes. */
export interface UnfinishedStarts {
  /** How many in a row preceded this one. */
  readonly count: number
  /** Marks this start as finished: the window has its state, or the app quit normally. */
  finish(): void
}

/** Counts this start. If the folder cannot be written, nothing is counted. */
export function countStart(folder: string): UnfinishedStarts {
  const path = join(folder, 'starting')
  const count = readCount(path)
  try {
    writeFileSync(path, String(count + 1))
  } catch {
    // The start itself will say what is wrong with the folder.
  }
  return { count, finish: () => rmSync(path, { force: true }) }
}

function readCount(path: string): number {
  try {
    const text = readFileSync(path, 'utf8')
    return /^\d{1,3}$/.test(text) ? Number(text) : 0
  } catch {
    return 0
  }
}

/**
 * Offers to start with defaults after failed starts: without the chosen model and the last work, either of
 * which may be the cause. Their files are set aside, not deleted.
 *
 * @returns a sentence about what was set aside; null if nothing was
 */
export async function offerDefaults(
  folder: string,
  { count }: UnfinishedStarts,
  dialog: Pick<Dialog, 'showMessageBox'>,
): Promise<string | null> {
  if (count < mostUnfinished) return null
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Slerp Studio did not finish its last ${count} starts.`,
    detail:
      'It can start with its defaults: the bundled model and an empty project. Your settings and your last work are set aside, and no project or picture is touched.',
    buttons,
    defaultId: 0,
    cancelId: 1,
  })
  return buttons[response] === 'Start with defaults' ? setAside(folder) : null
}

function setAside(folder: string): string | null {
  const found = remembered.map((name) => join(folder, name)).filter((path) => existsSync(path))
  if (found.length === 0) return null
  const kept = found.map((path) => {
    const free = freeName(`${path}.before-defaults`)
    renameSync(path, free)
    return `"${basename(free)}"`
  })
  return `Started with defaults. What was there before is kept in "${folder}": ${kept.join(', ')}.`
}
