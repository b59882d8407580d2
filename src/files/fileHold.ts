import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fitUniqueFileName } from './fileName'
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

/** Returns the path of the note, next to a file, that records who has it open. */
function noteOf(path: string): string {
  return join(dirname(path), fitUniqueFileName(`.~${basename(path)}`, '.open'))
}

/**
 * Marks a file as open here. A holder that has died loses it: at once if it ran on this machine, after five
 * minutes otherwise. If no note can be written, on a read-only disk for example, nobody else can write the
 * file either, and it counts as held here.
 *
 * @returns the hold, or a description of the current holder that completes a sentence
 */
export async function holdFile(path: string): Promise<FileHold | string> {
  const note = noteOf(path)
  const own: Holder = { pid: process.pid, host: hostname() }
  for (let attempt = 0; attempt < 2; attempt++) {
    const taken = await claim(note, own)
    if (taken === 'unwritable') return { release: () => Promise.resolve() }
    if (taken === 'ours') return renewing(note)
    const holder = await readHolder(note)
    if (holder && (await isAlive(note, holder))) return describeHolder(holder)
    await rm(note, { force: true })
  }
  return 'another program'
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
    utimes(note, new Date(), new Date()).catch(() => undefined)
  }, renewEvery)
  renewal.unref()
  return {
    async release() {
      clearInterval(renewal)
      await rm(note, { force: true }).catch(() => undefined)
    },
  }
}

async function isAlive(note: string, { pid, host }: Holder): Promise<boolean> {
  if (host === hostname()) return pid !== process.pid && isRunning(pid)
  return (await stat(note)).mtimeMs > Date.now() - staleAfter
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
