import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { childrenOf, printTable, residentMemory } from './measure'
import { tinyModel } from './subjects'

/** Numbers of samples after which memory is measured. */
const marks = [100, 500, 1000, 2000, 4000, 6000, 8000, 9900]
const count = 10_000

/** Whether memory grows with the number of samples, and what else a folder of them contains. */
export async function benchSamples(): Promise<void> {
  const folder = join(mkdtempSync(join(tmpdir(), 'slerp-bench-')), 'samples')
  const options = ['--model', tinyModel, '--threads', '1', '--steps', '10', '--count', String(count)]
  // Started as users start it: an engine started from here would include this file's loader.
  const program = spawn(process.execPath, ['bin/slerp-studio.mjs', 'sample', ...options, '-o', folder])
  const ended = once(program, 'exit')
  const memory: number[] = []
  let done = 0
  for await (const line of createInterface(program.stderr)) {
    if (line.includes('written') && ++done === marks[memory.length]) {
      memory.push(Math.max(...childrenOf(program.pid!).map((pid) => residentMemory(pid).now)))
    }
  }
  await ended
  const beside = readdirSync(folder).filter((name) => !name.endsWith('.png'))
  const bytes = beside.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  printTable(`${count} samples (tiny model): memory, and bytes a sample beside its picture`, [
    ['samples done', ...marks.map(String), 'bytes a sample'],
    ['RSS, MB', ...memory.map((megabytes) => megabytes.toFixed(0)), (bytes / count).toFixed(2)],
  ])
}
