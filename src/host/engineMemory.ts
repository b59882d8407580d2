import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'

/** The fraction of memory that an engine may take before it is killed, so that the machine stays usable. */
const share = 0.8

/** Returns how many bytes an engine may hold: 80 % of the machine's memory, or of what a container allows. */
export function engineMemoryLimit(): number {
  const allowed = process.constrainedMemory()
  return share * (allowed > 0 ? Math.min(allowed, totalmem()) : totalmem())
}

/**
 * Returns how many bytes of memory a process holds that the system cannot reclaim. Memory-mapped files, such
 * as weights, are not counted.
 *
 * @returns null on systems where other processes cannot be inspected; so far this works only on Linux
 */
export function heldBytesOf(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    const kilobytes = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    // The process has just ended.
    return null
  }
}
