import { access, constants, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { lock } from 'proper-lockfile'
import { StudioError } from '#shared/errors'
import { explained } from './fileErrors'
import { isRunning } from './temporarySibling'

const holderName = '.slerp-studio.holder.json'
/** Held only while a process checks who holds the folder and writes its own name. */
const turnName = '.slerp-studio.turn'

const renewEvery = 20_000
/** Longer than an engine may be busy with one evaluation before it is killed: it cannot renew meanwhile. */
const staleAfter = 5 * 60_000

/** Who holds a folder. The modification time of the file with this record is when it was last renewed. */
interface Holder {
  readonly pid: number
  readonly host: string
  /** ISO 8601. */
  readonly since: string
}

/** A folder that no other process, and no other task of this one, may write to. */
export interface FolderLock {
  /** Releases the folder. Safe to call more than once. */
  release(): Promise<void>
}

/** The folders that this process holds. In any other folder, a holder with its id is an earlier process. */
const heldHere = new Set<string>()

/** Whether a file in a locked folder belongs to the lock. */
export function isLockName(name: string): boolean {
  return name === holderName || name === turnName
}

/**
 * Locks a folder for one writer. A writer that has died loses it: at once if it ran on this machine, after
 * five minutes otherwise.
 *
 * @param folder  must exist
 * @param target  what the user named, for the error message
 * @throws StudioError UNWRITABLE, naming the other writer, if one holds the folder for longer than a few
 *   seconds
 */
export async function lockFolder(folder: string, target: string): Promise<FolderLock> {
  const path = resolve(folder)
  const record = join(path, holderName)
  await explained(target, 'write', async () => {
    // Fails here if the folder can never be locked: takeTurn would retry for as long as a turn may take.
    await access(path, constants.W_OK)
    await waitForHolder(path, record)
    await takeTurn(path, () => becomeHolder(path, record, target))
  })
  const renewal = setInterval(() => {
    utimes(record, new Date(), new Date()).catch(() => undefined)
  }, renewEvery)
  renewal.unref()
  return {
    async release() {
      clearInterval(renewal)
      if (heldHere.delete(path)) await rm(record, { force: true })
    },
  }
}

/** How long a writer may take to exit after the command that started it was killed, in milliseconds. */
const endingTakes = 4000

/** Waits until nobody holds a folder, but no longer than a writer takes to exit. */
async function waitForHolder(path: string, record: string): Promise<void> {
  const deadline = Date.now() + endingTakes
  for (;;) {
    const holder = await readHolder(record)
    if (!holder || holder.pid === process.pid || !(await isAlive(path, record, holder))) return
    if (Date.now() > deadline) return
    await setTimeout(100)
  }
}

/** A turn takes milliseconds. The turn of a process that was killed during it expires after `stale`. */
async function takeTurn(path: string, work: () => Promise<void>): Promise<void> {
  const endTurn = await lock(path, {
    lockfilePath: join(path, turnName),
    realpath: false,
    stale: 5000,
    retries: { retries: 60, factor: 1, minTimeout: 100, maxTimeout: 200 },
    onCompromised: () => undefined,
  })
  try {
    await work()
  } finally {
    await endTurn().catch(() => undefined)
  }
}

async function becomeHolder(path: string, record: string, target: string): Promise<void> {
  const holder = await readHolder(record)
  if (holder && (await isAlive(path, record, holder))) throw inUse(target, holder)
  const own: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() }
  await writeFile(record, JSON.stringify(own))
  heldHere.add(path)
}

async function isAlive(path: string, record: string, { pid, host }: Holder): Promise<boolean> {
  if (host === hostname()) {
    if (pid === process.pid) return heldHere.has(path)
    if (!isRunning(pid)) return false
  }
  // Another process may have been given its process id since; only the holder renews.
  return (await stat(record)).mtimeMs > Date.now() - staleAfter
}

async function readHolder(record: string): Promise<Holder | null> {
  try {
    const { pid, host, since } = JSON.parse(await readFile(record, 'utf8')) as Partial<Holder>
    if (typeof pid !== 'number' || typeof host !== 'string' || typeof since !== 'string') return null
    return { pid, host, since }
  } catch {
    return null
  }
}

function inUse(target: string, { pid, host, since }: Holder): StudioError {
  const where = host === hostname() ? '' : ` on "${host}"`
  const when = new Date(since).toLocaleString('sv')
  return new StudioError(
    'UNWRITABLE',
    `Cannot write "${target}": Slerp Studio is writing there already (process ${pid}${where}, since ${when}): wait until it is done, or choose another name.`,
    { path: target },
  )
}
