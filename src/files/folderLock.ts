import { access, constants, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { lock } from 'proper-lockfile'
import { StudioError } from '#shared/errors'
import { explained } from './fileErrors'
import { isRunning } from './temporarySibling'

const holderName = '.slerp-studio.holder.json'
/** Held for the moment in which a process looks who holds the folder and writes its own name. */
const turnName = '.slerp-studio.turn'

const renewEvery = 20_000
/** Longer than an engine may be busy with one evaluation before it is ended: until then it cannot renew anything. */
const staleAfter = 5 * 60_000

/** Who holds a folder. The time of the file that says so is when the holder last renewed it. */
interface Holder {
  readonly pid: number
  readonly host: string
  /** ISO 8601. */
  readonly since: string
}

/** A folder that no other process, and no other task of this one, writes in. */
export interface FolderLock {
  /** Lets the folder go. Safe to call more than once. */
  release(): Promise<void>
}

/** The folders that this process holds: a holder with its number that is not among them is a process before it. */
const heldHere = new Set<string>()

/** Whether a file of a locked folder belongs to the lock. */
export function isLockName(name: string): boolean {
  return name === holderName || name === turnName
}

/**
 * Takes a folder for one writer. One that is gone loses it: at once when it ran on this machine, and after five minutes
 * otherwise.
 *
 * @param folder  must exist
 * @param target  what the person named, for the sentence
 * @throws StudioError UNWRITABLE when another writer has it for longer than a few seconds, naming that one
 */
export async function lockFolder(folder: string, target: string): Promise<FolderLock> {
  const path = resolve(folder)
  const record = join(path, holderName)
  await explained(target, 'write', async () => {
    // What can never be locked fails here; below it would be tried for as long as a turn may take.
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

/** How long a writer may need to end after the command that started it was killed, in milliseconds. */
const endingTakes = 4000

/** Waits until nobody holds a folder, but no longer than a writer that is ending needs. */
async function waitForHolder(path: string, record: string): Promise<void> {
  const deadline = Date.now() + endingTakes
  for (;;) {
    const holder = await readHolder(record)
    if (!holder || holder.pid === process.pid || !(await isAlive(path, record, holder))) return
    if (Date.now() > deadline) return
    await setTimeout(100)
  }
}

/** A process that was killed in its turn, which takes milliseconds, is waited for as long as `stale` says. */
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
  // Another process may have got its number meanwhile; only the holder renews.
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
