import { access, constants, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { StudioError } from '#shared/errors'
import { explained } from './fileErrors'
import {
  isOwn,
  keepRenewing,
  ownHolder,
  readHolder,
  renewalTakes,
  stateOf,
  type Holder,
} from './holderRecord'
import { realPathOf } from './realPath'

const holderName = '.slerp-studio.holder.json'
/** Held only while a process checks who holds the folder and writes its own name. */
const turnName = '.slerp-studio.turn'

/** A folder that no other process, and no other task of this one, may write to. */
export interface FolderLock {
  /** Whether the last holder died after it had begun its work: then what lies in the folder is that work. */
  readonly holdsLostWork: boolean
  /** Records that the folder's content is from now on this holder's own work, until it is released. */
  begin(): Promise<void>
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
 * five minutes otherwise. One that runs on this machine but has not renewed its record, as after the machine
 * slept, is waited for as in {@link stateOf}.
 *
 * @param folder  must exist
 * @param target  what the user named, for the error message
 * @throws StudioError UNWRITABLE, naming the other writer, if one holds the folder for longer than a few
 *   seconds
 */
export async function lockFolder(folder: string, target: string): Promise<FolderLock> {
  const path = await realPathOf(folder)
  const record = join(path, holderName)
  const before = await explained(target, 'write', async () => {
    // Fails here if the folder can never be locked: takeTurn would retry for as long as a turn may take.
    await access(path, constants.W_OK)
    await waitForHolder(record)
    return takeTurn(path, () => becomeHolder(path, record, target))
  })
  const end = keepRenewing(record)
  return {
    holdsLostWork: before?.hasBegun === true,
    begin: () => explained(target, 'write', () => takeTurn(path, () => writeOwn(record, true))),
    async release() {
      if (heldHere.delete(path)) await end()
    },
  }
}

/** How long a writer may take to exit after the command that started it was killed, in milliseconds. */
const endingTakes = 4000

/**
 * Waits until nobody holds a folder, but no longer than a writer takes to exit, or to renew its record after
 * the machine slept.
 */
async function waitForHolder(record: string): Promise<void> {
  const started = Date.now()
  for (;;) {
    const holder = await readHolder(record)
    if (!holder || isOwn(holder)) return
    const state = await stateOf(record, holder)
    if (state === 'gone') return
    if (Date.now() - started > (state === 'silent' ? renewalTakes : endingTakes)) return
    await setTimeout(100)
  }
}

/** A turn takes milliseconds. The turn of a process that was killed during it expires after `stale`. */
async function takeTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
  // Loaded only now: the library listens to SIGINT from then on, and Electron, which sets its own handler when it
  // becomes ready, would leave that of an earlier listener without effect, and with it every later one.
  const { lock } = await import('proper-lockfile')
  const endTurn = await lock(path, {
    lockfilePath: join(path, turnName),
    realpath: false,
    stale: 5000,
    retries: { retries: 60, factor: 1, minTimeout: 100, maxTimeout: 200 },
    onCompromised: () => undefined,
  })
  try {
    return await work()
  } finally {
    await endTurn().catch(() => undefined)
  }
}

/**
 * Called after {@link waitForHolder}: a holder that is still silent then did not renew its record.
 *
 * @returns the last holder, if it died
 */
async function becomeHolder(path: string, record: string, target: string): Promise<Holder | null> {
  const holder = await readHolder(record)
  const isHeld = holder && (isOwn(holder) ? heldHere.has(path) : (await stateOf(record, holder)) === 'holds')
  if (isHeld) throw inUse(target, holder)
  await writeOwn(record, false)
  heldHere.add(path)
  return holder
}

/** Called only in a turn, because a half-written record would name nobody to those who read it. */
async function writeOwn(record: string, hasBegun: boolean): Promise<void> {
  await writeFile(record, JSON.stringify({ ...ownHolder(record), since: new Date().toISOString(), hasBegun }))
}

function inUse(target: string, { pid, host, since }: Holder): StudioError {
  const where = host === hostname() ? '' : ` on "${host}"`
  const when = since === undefined ? '' : `, since ${new Date(since).toLocaleString('sv')}`
  return new StudioError(
    'UNWRITABLE',
    `Cannot write "${target}": Slerp Studio is writing there already (process ${pid}${where}${when}): wait until it is done, or choose another name.`,
    { path: target },
  )
}
