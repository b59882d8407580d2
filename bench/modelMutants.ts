import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ModelMutant, modelMutants } from '../test/fixtures/modelMutants'
import { torchMutants } from '../test/fixtures/torchMutants'
import { selectedPart } from './part'
import { slowSeconds, tallyMutants } from './tallyMutants'

const modelCount = 14_000
const torchCount = 2000
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
  const root = mkdtempSync(join(tmpdir(), 'slerp-mutants-'))
  await tallyMutants({
    title: `${title} through one engine: ${count}${name}`,
    count,
    memoryLimit: mostBytes,
    enforcesLimit: true,
    deadly: ['OUT_OF_MEMORY', 'ENGINE_STALLED'],
    async attempt(client, i) {
      const folder = join(root, String(i))
      mkdirSync(folder)
      const mutant = await next()
      const path = mutant.write(folder)
      const began = performance.now()
      const result = await client.request('model.check', { model: { path, threads: 1, device: 'cpu' } })
      const seconds = (performance.now() - began) / 1000
      const verdict = result.ok ? 'runs' : result.error.code
      // A file that made the engine fail is kept for inspection.
      if (goodVerdicts.includes(verdict) && seconds <= slowSeconds) rmSync(folder, { recursive: true })
      else
        console.log(
          `${path} (${mutant.kind}): ${verdict} after ${seconds.toFixed(1)} s. ${result.ok ? '' : result.error.message}`,
        )
      return { verdict, seconds }
    },
  })
}
