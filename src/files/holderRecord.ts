import { readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isRunning } from './temporarySibling'

/**
 * Who holds a file or a folder, as a small file next to it or in it records. The modification time of that
 * record is when it was last renewed.
 */
export interface Holder {
  readonly pid: number
  readonly host: string
  /** ISO 8601; not recorded of files. */
  readonly since?: string
  /** Whether it has taken over what lies in the folder; see FolderLock. */
  readonly hasBegun?: boolean
}

const renewEvery = 20_000
/** Longer than an engine may be busy with one evaluation before it is killed: it cannot renew meanwhile. */
const staleAfter = 5 * 60_000
/** How long to wait for a renewal of a holder that may have slept: a little more than the time between two. */
export const renewalTakes = renewEvery + 5_000

/** Returns this process as a holder. */
export function ownHolder(): Holder {
  return { pid: process.pid, host: hostname() }
}

/** Whether a holder has this process's id. It may also be an earlier process that had the same id. */
export function isOwn({ pid, host }: Holder): boolean {
  return pid === process.pid && host === hostname()
}

/** Returns whom a record names; null if there is none or it is damaged. */
export async function readHolder(record: string): Promise<Holder | null> {
  try {
    const { pid, host, ...rest } = JSON.parse(await readFile(record, 'utf8')) as Partial<Holder>
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, ...rest } : null
  } catch {
    return null
  }
}

/**
 * Whether another process that a record names still holds it. An old record of this machine whose process id
 * is in use has two explanations: the holder died and another process was given its id, or the whole machine
 * slept and the holder has yet to renew the record. Such a holder is `silent`: wait for as long as
 * {@link renewalTakes}, in which a holder that is awake renews it, and it is gone only if it did not.
 */
export async function stateOf(record: string, { pid, host }: Holder): Promise<'holds' | 'silent' | 'gone'> {
  const isHere = host === hostname()
  if (isHere && !isRunning(pid)) return 'gone'
  if (await isFresh(record)) return 'holds'
  return isHere ? 'silent' : 'gone'
}

/** Whether a record exists and was renewed lately. */
export async function isFresh(record: string): Promise<boolean> {
  const renewed = await stat(record).catch(() => null)
  return renewed !== null && renewed.mtimeMs > Date.now() - staleAfter
}

/**
 * Renews a record of this process, as long as it names this process: another may have taken over, for example
 * while this one was stopped.
 *
 * @returns a function that ends this and removes the record, unless it names another process by then
 */
export function keepRenewing(record: string): () => Promise<void> {
  const renewal = setInterval(() => {
    ifOurs(record, () => utimes(record, new Date(), new Date())).catch(() => undefined)
  }, renewEvery)
  renewal.unref()
  return async () => {
    clearInterval(renewal)
    await ifOurs(record, () => rm(record, { force: true })).catch(() => undefined)
  }
}

async function ifOurs(record: string, work: () => Promise<void>): Promise<void> {
  const holder = await readHolder(record)
  if (holder && isOwn(holder)) await work()
}
