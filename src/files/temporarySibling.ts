import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

const mark = '.slerp-studio-'
/** The host is part of the name because a shared folder may hold those of another machine, with process ids of its own. */
const prefix = `${mark}${hostname()}-`
/** What follows the host. Strict, because a host named `mac` must not take the files of `mac-mini` for its own. */
const ownEnding = /^(\d+)-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.part$/

/**
 * A name beside `path` for what is not whole yet, so that a rename never has to cross a disk.
 *
 * @param pid  of the process that writes there
 */
export function temporarySibling(path: string, pid = process.pid): string {
  return join(dirname(path), `${prefix}${pid}-${randomUUID()}.part`)
}

/** Whether a name is one that {@link temporarySibling} makes, on this machine or on another. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith(mark) && name.endsWith('.part')
}

/** The process that writes under a temporary name, when it is one of this machine. */
function writerOf(name: string): number | null {
  if (!name.startsWith(prefix)) return null
  const ending = ownEnding.exec(name.slice(prefix.length))
  return ending && parseInt(ending[1], 10)
}

/**
 * Removes what lies beside `path` under a temporary name whose process was killed before it could clean up. What cannot
 * be removed stays: tidying up is no reason to refuse the work at hand.
 */
export async function removeAbandonedSiblings(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  for (const name of names) {
    const pid = writerOf(name)
    if (pid === null || isRunning(pid)) continue
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

/** Whether a process of this machine is there. */
export function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
