import { readFileSync } from 'node:fs'
import { median } from '#core/numbers/median'

/** Returns the wall time of one call, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/**
 * Times two pieces of work alternately, A B A B …, after one unmeasured round: any slowdown affects both.
 *
 * @returns medians in milliseconds, and the median of the ratios A/B of each pair
 */
export async function timedInPairs(
  a: () => Promise<unknown>,
  b: () => Promise<unknown>,
  pairs: number,
): Promise<{ a: number; b: number; ratio: number }> {
  await a()
  await b()
  const times: [number, number][] = []
  for (let i = 0; i < pairs; i++) {
    // The second of a pair profits from warm caches, so the two alternate.
    const first = i % 2 ? await timed(b) : await timed(a)
    const second = i % 2 ? await timed(a) : await timed(b)
    times.push(i % 2 ? [second, first] : [first, second])
  }
  return {
    a: median(times.map(([time]) => time)),
    b: median(times.map(([, time]) => time)),
    ratio: median(times.map(([timeA, timeB]) => timeA / timeB)),
  }
}

/**
 * Resident memory of a process in megabytes, current and peak; Linux only, NaN elsewhere or after its end.
 */
export function residentMemory(pid: number): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024
    return { now: field('VmRSS'), peak: field('VmHWM') }
  } catch {
    return { now: NaN, peak: NaN }
  }
}

/** Records the processor time of a process's first thread, in milliseconds; Linux only, 0 elsewhere. */
export function watchProcessor(pid: number): { usedBetween(from: number, to: number): number; stop(): void } {
  const samples: { at: number; used: number }[] = []
  const sample = (): void => {
    try {
      const [nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
      samples.push({ at: Date.now(), used: Number(nanoseconds) / 1e6 })
    } catch {
      stop()
    }
  }
  const sampling = setInterval(sample, 5)
  const stop = (): void => clearInterval(sampling)
  return {
    /** @param from  milliseconds since 1970, like `to` */
    usedBetween(from, to) {
      const before = samples.findLast(({ at }) => at <= from) ?? samples[0]
      const after = samples.find(({ at }) => at >= to) ?? samples.at(-1)
      return before && after ? after.used - before.used : 0
    },
    stop,
  }
}

/** Process ids of the direct children of a process; Linux only, none elsewhere. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** Prints a heading and rows below it, with aligned columns. */
export function printTable(heading: string, rows: readonly (readonly string[])[]): void {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  console.log(`\n${heading}`)
  for (const row of rows) console.log(`  ${row.map((cell, i) => cell.padEnd(widths[i])).join('  ')}`)
}
