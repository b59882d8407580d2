import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'

/** The share of a machine's memory that an engine may take before it is ended, so that the machine stays usable. */
const share = 0.8

/** How many bytes an engine may hold: 80 % of the machine, or of what a container allows. */
export function engineMemoryLimit(): number {
  const allowed = process.constrainedMemory()
  return share * (allowed > 0 ? Math.min(allowed, totalmem()) : totalmem())
}

/**
 * How many bytes a process holds that cannot be given back: files that are mapped into memory, such as weights, are not
 * counted.
 *
 * @returns null where the system does not tell one process of another; so far only Linux does
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
