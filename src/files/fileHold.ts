import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { StudioError } from '#shared/errors'
import { fitUniqueFileName } from './fileName'
import { realPathOf } from './realPath'
import { isRunning, temporarySibling } from './temporarySibling'

/** Who has a file open. The modification time of the note with this record is when it was last renewed. */
interface Holder {
  readonly pid: number
  readonly host: string
}

/** A file that this program has open, so that no other program writes it too. */
export interface FileHold {
  /** Releases it. Safe to call more than once. */
  release(): Promise<void>
}

const renewEvery = 20_000
const staleAfter = 5 * 60_000
/** How long to wait for a renewal of a holder that may have slept: a little more than the time between two. */
const renewalTakes = renewEvery + 5_000

/** Returns the path of the note, next to a file, that records who has it open: one for all paths to the file. */
async function noteOf(anyPath: string): Promise<string> {
  const path = await realPathOf(anyPath)
  return join(dirname(path), fitUniqueFileName(`.~${basename(path)}`, '.open'))
}

/** The notes of this process: how often each file is held, and what came of taking the note. */
const notes = new Map<string, { holds: number; readonly taken: Promise<FileHold | string> }>()
/** Notes of this process that are being removed. */
const leaving = new Map<string, Promise<void>>()

/**
 * Marks a file as open here, until every hold of this process on it is released. A holder that has died loses it: at once if it ran on this machine, after five
 * minutes without a renewal otherwise. If no note can be written, on a read-only disk for example, nobody else
 * can write the file either, and it counts as held here.
 *
 * An old note of this machine whose process id is in use has two explanations: the holder died and another
 * process was given its id, or the whole machine slept and the holder has yet to renew the note. So this waits
 * for 25 seconds, in which a holder that is awake renews it, and takes the file only if nobody did.
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
  const taken = await shared.taken
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
  const own: Holder = { pid: process.pid, host: hostname() }
  for (let attempt = 0; attempt < 2; attempt++) {
    const taken = await claim(note, own)
    if (taken === 'unwritable') return { release: () => Promise.resolve() }
    if (taken === 'ours') return renewing(note)
    const holder = await readHolder(note)
    const alive = holder && (await findAlive(note, holder))
    if (alive) return describeHolder(alive)
    await rm(note, { force: true })
  }
  return 'another program'
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

function renewing(note: string): FileHold {
  const renewal = setInterval(() => {
    renew(note).catch(() => undefined)
  }, renewEvery)
  renewal.unref()
  return {
    async release() {
      clearInterval(renewal)
      if (await isOurs(note)) await rm(note, { force: true }).catch(() => undefined)
    },
  }
}

async function renew(note: string): Promise<void> {
  if (await isOurs(note)) await utimes(note, new Date(), new Date())
}

/** False after another program has taken over, for example while this one was stopped. */
async function isOurs(note: string): Promise<boolean> {
  const holder = await readHolder(note)
  return holder?.pid === process.pid && holder.host === hostname()
}

/** Returns who holds a note: its holder, or one that took it over meanwhile; null if nobody does any more. */
async function findAlive(note: string, holder: Holder): Promise<Holder | null> {
  const isHere = holder.host === hostname()
  if (isHere && (holder.pid === process.pid || !isRunning(holder.pid))) return null
  if (await isFresh(note)) return holder
  if (!isHere) return null
  await setTimeout(renewalTakes)
  return (await isFresh(note)) ? readHolder(note) : null
}

/** Whether a note exists and was renewed lately. */
async function isFresh(note: string): Promise<boolean> {
  const renewed = await stat(note).catch(() => null)
  return renewed !== null && renewed.mtimeMs > Date.now() - staleAfter
}

async function readHolder(note: string): Promise<Holder | null> {
  try {
    const { pid, host } = JSON.parse(await readFile(note, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : null
  } catch {
    return null
  }
}

function describeHolder({ pid, host }: Holder): string {
  return host === hostname() ? `another program (process ${pid})` : `a program on “${host}”`
}
