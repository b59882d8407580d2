import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { EngineClient } from '#host/client'
import { forkEngine } from '#host/forkPort'
import { mutantsOf } from '../test/fixtures/mutants'
import { printTable, residentMemory } from './measure'
import { installation } from './subjects'

const count = 12_000
const slowSeconds = 20
const largeMegabytes = 2048

const whole = { mode: 'cover' } as const

/** The outcome for one file, including whether the engine survived. */
interface Outcome {
  readonly verdict: string
  readonly seconds: number
}

async function ask(client: EngineClient, path: string): Promise<Outcome> {
  const began = performance.now()
  const info = await client.request('picture.info', { path })
  const preview = await client.request('picture.preview', {
    picture: { path, fit: whole },
    width: 64,
    height: 64,
  })
  const failed = [info, preview].find((result) => !result.ok)
  const verdict = failed && !failed.ok ? failed.error.code : 'opens'
  return { verdict, seconds: (performance.now() - began) / 1000 }
}

/**
 * Damaged pictures of every supported kind, opened by one engine as the window does: how many open, why the
 * others are refused, and whether the engine survived.
 */
export async function benchMutants(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slerp-mutants-'))
  const pictures = resolve('test/fixtures/pictures')
  const names = readdirSync(pictures).filter((name) => !name.endsWith('.py'))
  const mutants = names.map((name, i) => mutantsOf(readFileSync(join(pictures, name)), i + 1))
  const verdicts = new Map<string, number>()
  let [starts, slow, slowest, megabytes] = [0, 0, 0, 0]
  const client = new EngineClient(
    () => {
      starts++
      return forkEngine(installation.engineEntry, () => undefined)
    },
    { retries: 0 },
  )
  for (let i = 0; i < count; i++) {
    const name = names[i % names.length]
    const path = join(folder, `mutant-${i}${extname(name)}`)
    writeFileSync(path, mutants[i % names.length].next().value)
    const { verdict, seconds } = await ask(client, path)
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    slowest = Math.max(slowest, seconds)
    if (seconds > slowSeconds) slow++
    const { pid } = client
    if (pid !== undefined) megabytes = Math.max(megabytes, residentMemory(pid).peak || 0)
    // A file that made the engine fail is kept for inspection.
    if (verdict === 'opens' || verdict === 'BAD_PICTURE') rmSync(path)
    else console.log(`${path}: ${verdict}`)
  }
  await client.stop()
  printTable(`Mutants of ${names.length} pictures through one engine: ${count}`, [
    ...[...verdicts].map(([verdict, number]) => [verdict, String(number)]),
    ['deaths of the engine', String(starts - 1)],
    [`over ${slowSeconds} s`, String(slow)],
    ['slowest', `${slowest.toFixed(2)} s`],
    [`most memory (limit ${largeMegabytes} MB)`, `${megabytes.toFixed(0)} MB`],
  ])
}
