import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import type { EngineClient } from '#host/client'
import { mutantsOf } from '../test/fixtures/mutants'
import { tallyMutants, type Trial } from './tallyMutants'

const count = 12_000
const mostBytes = 2 * 2 ** 30

const whole = { mode: 'cover' } as const

async function ask(client: EngineClient, path: string): Promise<Trial> {
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
  await tallyMutants({
    title: `Mutants of ${names.length} pictures through one engine: ${count}`,
    count,
    memoryLimit: mostBytes,
    async attempt(client, i) {
      const name = names[i % names.length]
      const path = join(folder, `mutant-${i}${extname(name)}`)
      writeFileSync(path, mutants[i % names.length].next().value)
      const trial = await ask(client, path)
      // A file that made the engine fail is kept for inspection.
      if (trial.verdict === 'opens' || trial.verdict === 'BAD_PICTURE') rmSync(path)
      else console.log(`${path}: ${trial.verdict}`)
      return trial
    },
  })
}
