import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineClient } from '#host/client'
import { forkEngine } from '#host/forkPort'
import { type ModelMutant, modelMutants } from '../test/fixtures/modelMutants'
import { torchMutants } from '../test/fixtures/torchMutants'
import { printTable, residentMemory } from './measure'
import { selectedPart } from './part'
import { installation } from './subjects'

const modelCount = 14_000
const torchCount = 2000
const slowSeconds = 20
const mostBytes = 2 * 2 ** 30

/** The acceptable outcomes for a damaged model: it opens and runs, or is refused with one of these codes. */
const goodVerdicts: readonly string[] = [
  'runs',
  'BAD_MODEL',
  'UNSUPPORTED',
  'NOT_FINITE',
  'NOT_FOUND',
  'UNREADABLE',
  'OUT_OF_MEMORY',
  'ENGINE_STALLED',
]

/** Damaged models of every kind, opened and evaluated in one engine as `info` does. */
export async function benchModelMutants(): Promise<void> {
  const mutants = modelMutants(selectedPart().seed)
  await tryMutants('Damaged models', modelCount, () => Promise.resolve(mutants.next().value))
}

/** Damaged PyTorch files, including some that would execute code: nothing may run. */
export async function benchTorchMutants(): Promise<void> {
  const canary = join(mkdtempSync(join(tmpdir(), 'slerp-canary-')), 'ran')
  const mutants = await torchMutants(selectedPart().seed, `touch ${canary}`)
  await tryMutants('Damaged PyTorch files', torchCount, () => mutants.next().value)
  console.log(existsSync(canary) ? 'SOMETHING RAN.' : 'Nothing ran.')
}

async function tryMutants(title: string, all: number, next: () => Promise<ModelMutant>): Promise<void> {
  const { share, name } = selectedPart()
  const count = Math.round(all * share)
  const verdicts = new Map<string, number>()
  let [starts, slow, slowest, megabytes] = [0, 0, 0, 0]
  const client = new EngineClient(
    () => {
      starts++
      return forkEngine(installation.engineEntry, () => undefined)
    },
    { retries: 0, memoryLimit: mostBytes },
  )
  const root = mkdtempSync(join(tmpdir(), 'slerp-mutants-'))
  for (let i = 0; i < count; i++) {
    const folder = join(root, String(i))
    mkdirSync(folder)
    const mutant = await next()
    const path = mutant.write(folder)
    const began = performance.now()
    const result = await client.request('model.check', { model: { path, threads: 1, device: 'cpu' } })
    const seconds = (performance.now() - began) / 1000
    const verdict = result.ok ? 'runs' : result.error.code
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
    slowest = Math.max(slowest, seconds)
    if (seconds > slowSeconds) slow++
    const { pid } = client
    if (pid !== undefined) megabytes = Math.max(megabytes, residentMemory(pid).peak || 0)
    const isGood = goodVerdicts.includes(verdict) && seconds <= slowSeconds
    // A file that made the engine fail is kept for inspection.
    if (isGood) rmSync(folder, { recursive: true })
    else
      console.log(
        `${path} (${mutant.kind}): ${verdict} after ${seconds.toFixed(1)} s. ${result.ok ? '' : result.error.message}`,
      )
  }
  await client.stop()
  const expected = (verdicts.get('OUT_OF_MEMORY') ?? 0) + (verdicts.get('ENGINE_STALLED') ?? 0)
  printTable(`${title} through one engine: ${count}${name}`, [
    ...[...verdicts].map(([verdict, number]) => [verdict, String(number)]),
    ['other deaths of the engine', String(starts - 1 - expected)],
    [`over ${slowSeconds} s`, String(slow)],
    ['slowest', `${slowest.toFixed(2)} s`],
    [`most memory (limit ${mostBytes / 2 ** 20} MB)`, `${megabytes.toFixed(0)} MB`],
  ])
}
