import { EngineClient } from '#host/client'
import { forkEngine } from '#host/forkPort'
import { printTable, residentMemory } from './measure'
import { installation } from './subjects'

/** A damaged file that takes longer than this many seconds is reported as slow. */
export const slowSeconds = 20

/** How one damaged file fared: a verdict such as `opens`, or the code of the failure. */
export interface Trial {
  readonly verdict: string
  readonly seconds: number
}

/** What to try, and what to expect of it. */
export interface MutantTally {
  /** The title of the table, which states the number of files. */
  readonly title: string
  readonly count: number
  /** The most memory that the engine should use, in bytes; shown next to the most that it used. */
  readonly memoryLimit: number
  /** Whether the client stops an engine that exceeds the limit. */
  readonly enforcesLimit?: boolean
  /** Verdicts after which the engine is started again, though nothing is wrong with it. */
  readonly deadly?: readonly string[]
  /** Opens the damaged file of this number. */
  attempt(client: EngineClient, index: number): Promise<Trial>
}

/**
 * Opens damaged files one after the other in one engine, which is started again when it dies, and prints how many
 * ended in which way, how often the engine died, how long files took and how much memory the engine used.
 */
export async function tallyMutants(tally: MutantTally): Promise<void> {
  const { title, count, memoryLimit, enforcesLimit = false, deadly = [], attempt } = tally
  const verdicts = new Map<string, number>()
  let [starts, slow, slowest, megabytes] = [0, 0, 0, 0]
  const client = new EngineClient(
    () => {
      starts++
      return forkEngine(installation.engineEntry, () => undefined)
    },
    { retries: 0, ...(enforcesLimit ? { memoryLimit } : {}) },
  )
  for (let i = 0; i < count; i++) {
    const { verdict, seconds } = await attempt(client, i)
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    slowest = Math.max(slowest, seconds)
    if (seconds > slowSeconds) slow++
    const { pid } = client
    if (pid !== undefined) megabytes = Math.max(megabytes, residentMemory(pid).peak || 0)
  }
  await client.stop()
  const expected = deadly.reduce((sum, verdict) => sum + (verdicts.get(verdict) ?? 0), 0)
  printTable(title, [
    ...[...verdicts].map(([verdict, number]) => [verdict, String(number)]),
    [
      deadly.length > 0 ? 'other deaths of the engine' : 'deaths of the engine',
      String(starts - 1 - expected),
    ],
    [`over ${slowSeconds} s`, String(slow)],
    ['slowest', `${slowest.toFixed(2)} s`],
    [`most memory (limit ${memoryLimit / 2 ** 20} MB)`, `${megabytes.toFixed(0)} MB`],
  ])
}
