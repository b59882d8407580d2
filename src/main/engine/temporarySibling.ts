import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

/** The host is part of the name because a shared folder may hold those of another machine, with process ids of its own. */
const prefix = `.slerp-studio-${hostname()}-`

/**
 * A name beside `path` for what is not whole yet, so that a rename never has to cross a disk.
 *
 * @param pid  of the process that writes there
 */
export function temporarySibling(path: string, pid = process.pid): string {
  return join(dirname(path), `${prefix}${pid}-${randomUUID()}.part`)
}

/**
 * Removes what lies beside `path` under a temporary name whose process was killed before it could clean up. What cannot
 * be removed stays: tidying up is no reason to refuse the work at hand.
 */
export async function removeAbandonedSiblings(path: string): Promise<void> {
  const folder = dirname(path)
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((name) => name.startsWith(prefix))) {
    const pid = parseInt(name.slice(prefix.length), 10)
    if (isRunning(pid)) continue
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined)
  }
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
