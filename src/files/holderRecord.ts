import { access, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { withinTime } from './fileAccess'
import { shareOf } from './networkShare'
import { isRunning, temporarySibling } from './temporarySibling'

/**
 * Who holds a file or a folder, as a small file next to it or in it records. The modification time of that
 * record is when it was last renewed.
 */
export interface Holder {
  readonly pid: number
  readonly host: string
  /** Where its holder wrote the record: absolute, without symbolic links. Earlier versions did not record it. */
  readonly path?: string
  /** ISO 8601; not recorded of files. */
  readonly since?: string
  /** Whether it has taken over what lies in the folder; see FolderLock. */
  readonly hasBegun?: boolean
}

const renewEvery = 20_000
/** Longer than an engine may be busy with one evaluation before it is killed: it cannot renew meanwhile. */
const staleAfter = 5 * 60_000
/** After so long without a renewal, a record that lies elsewhere than where it was written is one that was moved. */
const missedRenewals = 3 * renewEvery
/** How long to wait for a renewal of a holder that may have slept: a little more than the time between two. */
export const renewalTakes = renewEvery + 5_000

/**
 * Returns this process as the holder that a record names.
 *
 * @param path  the record's; absolute, without symbolic links
 */
export function ownHolder(path: string): Holder {
  return { pid: process.pid, host: hostname(), path }
}

/** Whether a holder has this process's id. It may also be an earlier process that had the same id. */
export function isOwn({ pid, host }: Holder): boolean {
  return pid === process.pid && host === hostname()
}

/** Returns whom a record names; null if there is none or it is damaged. */
export async function readHolder(record: string): Promise<Holder | null> {
  try {
    const { pid, host, path, ...rest } = JSON.parse(await readFile(record, 'utf8')) as Partial<Holder>
    if (typeof pid !== 'number' || typeof host !== 'string') return null
    return { pid, host, ...(typeof path === 'string' ? { path } : {}), ...rest }
  } catch {
    return null
  }
}

/**
 * Whether another process that a record names still holds it. An old record of this machine whose process id
 * is in use has two explanations: the holder died and another process was given its id, or the whole machine
 * slept and the holder has yet to renew the record. Such a holder is `silent`: wait for as long as
 * {@link renewalTakes}, in which a holder that is awake renews it, and it is gone only if it did not. A record that
 * was moved or copied away from where its holder wrote it holds nothing once it misses its renewals.
 *
 * @param record  its path, absolute and without symbolic links
 */
export async function stateOf(
  record: string,
  { pid, host, path = record }: Holder,
): Promise<'holds' | 'silent' | 'gone'> {
  const isHere = host === hostname()
  if (isHere && !isRunning(pid)) return 'gone'
  if (isHere && !(await isWhereWritten(record, path))) {
    // A holder that sees other disks, as in a container, goes on renewing its record; that of a moved one is left alone.
    return (await isFresh(record, missedRenewals)) ? 'holds' : 'gone'
  }
  if (await isFresh(record)) return 'holds'
  return isHere ? 'silent' : 'gone'
}

/**
 * Whether a record of this machine lies in the folder in which its holder wrote it: a folder that is moved or copied
 * takes its records along. Two paths may lead to one folder, if a disk is mounted twice for example, so what shows it
 * is whether a new file in the one is seen in the other. In doubt it is the same.
 *
 * @param path  where its holder wrote it
 */
async function isWhereWritten(record: string, path: string): Promise<boolean> {
  if (path === record || !mayLookFor(path, record)) return true
  const probe = temporarySibling(record)
  const isMade = await writeFile(probe, '', { flag: 'wx' }).then(
    () => true,
    () => false,
  )
  if (!isMade) return true
  try {
    await withinTime(`"${path}"`, access(join(dirname(path), basename(probe))))
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== 'ENOENT' && code !== 'ENOTDIR'
  } finally {
    await rm(probe, { force: true }).catch(() => undefined)
  }
}

/**
 * Whether a path in a record may be looked for: on Windows this logs in to the server that a network path names, and a
 * record may come from anybody.
 */
function mayLookFor(path: string, record: string): boolean {
  if (process.platform !== 'win32') return true
  const share = shareOf(path)
  return share === null || share === shareOf(record)
}

/** Whether a record exists and was renewed in the last `within` milliseconds. */
export async function isFresh(record: string, within = staleAfter): Promise<boolean> {
  const renewed = await stat(record).catch(() => null)
  return renewed !== null && renewed.mtimeMs > Date.now() - within
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
