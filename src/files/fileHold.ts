import { link, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { StudioError } from '#shared/errors'
import { fitUniqueFileName } from './fileName'
import {
  isFresh,
  isOwn,
  keepRenewing,
  ownHolder,
  readHolder,
  renewalTakes,
  stateOf,
  type Holder,
} from './holderRecord'
import { realPathOf } from './realPath'
import { temporarySibling } from './temporarySibling'

/** A file that this program has open, so that no other program writes it too. */
export interface FileHold {
  /** Releases it. Safe to call more than once. */
  release(): Promise<void>
}

/** Returns the path of the note, next to a file, that records who has it open: one for all paths to the file. */
async function noteOf(anyPath: string): Promise<string> {
  const path = await realPathOf(anyPath)
  return join(dirname(path), fitUniqueFileName(`.~${basename(path)}`, '.open'))
}

/** The notes of this process: how often each file is held, and the result of taking its note. */
const notes = new Map<string, { holds: number; readonly taken: Promise<FileHold | string> }>()
/** Notes of this process that are being removed. */
const leaving = new Map<string, Promise<void>>()

/**
 * Marks a file as open here, until every hold of this process on it is released. A holder that has died loses
 * it: at once if it ran on this machine, after five minutes without a renewal otherwise. If no note can be
 * written, on a read-only disk for example, nobody else can write the file either, and it counts as held here.
 *
 * For an old note of this machine whose process id is in use, this waits for a renewal, up to 25 seconds: see
 * {@link stateOf}.
 *
 * @returns the hold, or a description of the current holder that completes a sentence
 */
export async function holdFile(path: string): Promise<FileHold | string> {
  const note = await noteOf(path)
  while (leaving.has(note)) await leaving.get(note)
  const shared = notes.get(note) ?? { holds: 0, taken: takeNote(note) }
  shared.holds++
  notes.set(note, shared)
  const release = async (): Promise<void> => {
    if (--shared.holds > 0) return
    notes.delete(note)
    const taken = await shared.taken
    if (typeof taken !== 'string') await taken.release()
  }
  let released: Promise<void> | undefined
  const taken = await shared.taken.catch((error: unknown) => {
    // The next attempt starts afresh.
    if (notes.get(note) === shared) notes.delete(note)
    throw error
  })
  if (typeof taken === 'string') {
    await release()
    return taken
  }
  return { release: () => (released ??= leave(note, release())) }
}

/** Remembers that a note is being removed, so that nobody here takes it meanwhile. */
async function leave(note: string, released: Promise<void>): Promise<void> {
  leaving.set(note, released)
  await released
  if (leaving.get(note) === released) leaving.delete(note)
}

async function takeNote(note: string): Promise<FileHold | string> {
  const own = ownHolder(note)
  for (let attempt = 0; attempt < 2; attempt++) {
    const taken = await claim(note, own)
    if (taken === 'unwritable') return { release: () => Promise.resolve() }
    if (taken === 'ours') return { release: keepRenewing(note) }
    const holder = await readHolder(note)
    const alive = holder && (await findAlive(note, holder))
    if (alive) return describeHolder(alive)
    const isGone = await rm(note, { force: true }).then(
      () => true,
      () => false,
    )
    if (!isGone) return describeLeft(note)
  }
  return 'another instance of Slerp Studio'
}

/**
 * Runs work that reads and writes a file while no other program may write it.
 *
 * @throws StudioError UNWRITABLE as {@link heldElsewhere}
 */
export async function whileHolding<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  const hold = await holdFile(path)
  if (typeof hold === 'string') throw heldElsewhere(path, hold)
  try {
    return await work()
  } finally {
    await hold.release()
  }
}

/** Returns the error for a file that somebody else has open: UNWRITABLE. */
export function heldElsewhere(path: string, heldBy: string): StudioError {
  return new StudioError(
    'UNWRITABLE',
    `Cannot save "${path}": ${heldBy} has it open. Close it there, or save under another name.`,
    { path },
  )
}

/** Creates the note by a link: unlike a rename it fails if the note exists, and no partial note is seen. */
async function claim(note: string, own: Holder): Promise<'ours' | 'taken' | 'unwritable'> {
  const temporary = temporarySibling(note)
  try {
    await writeFile(temporary, JSON.stringify(own))
    await link(temporary, note).catch((error: NodeJS.ErrnoException) =>
      error.code === 'EEXIST' ? Promise.reject(error) : writeFile(note, JSON.stringify(own), { flag: 'wx' }),
    )
    return 'ours'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'taken' : 'unwritable'
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

/** Returns who holds a note: its holder, or one that took it over meanwhile; null if nobody does any more. */
async function findAlive(note: string, holder: Holder): Promise<Holder | null> {
  const state = isOwn(holder) ? 'gone' : await stateOf(note, holder)
  if (state !== 'silent') return state === 'holds' ? holder : null
  await setTimeout(renewalTakes)
  return (await isFresh(note)) ? readHolder(note) : null
}

/** The holder of a note that cannot be removed: another user's in a shared folder, or no file at all. */
function describeLeft(note: string): string {
  return `a program that seems to have ended (if so, delete “${note}”)`
}

function describeHolder({ pid, host }: Holder): string {
  return host === hostname()
    ? `another instance of Slerp Studio (process ${pid})`
    : `Slerp Studio on “${host}”`
}
