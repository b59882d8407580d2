import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'

const mark = '.slerp-studio-'
/** Includes the host, as a shared folder may contain files of another machine with process ids of its own. */
const prefix = `${mark}${hostname()}-`
/** The part after the host name. Strict, so that a host called `mac` does not claim files of `mac-mini`. */
const ownEnding = /^(\d+)-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.part$/

/**
 * Returns a path next to `path` for unfinished content, so that the final rename never crosses file systems.
 *
 * @param pid  id of the process that writes there
 */
export function temporarySibling(path: string, pid = process.pid): string {
  return join(dirname(path), `${prefix}${pid}-${randomUUID()}.part`)
}

/** Whether a name was made by {@link temporarySibling}, on this machine or another. */
export function isTemporaryName(name: string): boolean {
  return name.startsWith(mark) && name.endsWith('.part')
}

/** Returns the id of the process that writes under a temporary name, if it is one of this machine. */
function writerOf(name: string): number | null {
  if (!name.startsWith(prefix)) return null
  const ending = ownEnding.exec(name.slice(prefix.length))
  return ending && parseInt(ending[1], 10)
}

/**
 * Removes temporary files next to `path` whose process was killed before it could clean up. Whatever cannot
 * be removed is left: a failed cleanup is no reason to refuse the actual work.
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

/** Whether a process of this machine is running. */
export function isRunning(pid: number): boolean {
  try {
    // Signal 0 only checks.
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
