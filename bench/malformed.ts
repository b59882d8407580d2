import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { malformedPictures } from '../test/fixtures/malformedPictures'
import { childrenOf, printTable, residentMemory } from './measure'
import { tinyModel } from './subjects'

/** Runs `encode` on one picture; returns its wall time, and the highest memory of command or engine. */
async function refuse(path: string): Promise<{ seconds: number; megabytes: number; code: number | null }> {
  const began = performance.now()
  const args = [resolve('out/main/cli.js'), 'encode', path, '--model', tinyModel, '--steps', '2']
  const child = spawn(process.execPath, args, { cwd: tmpdir(), stdio: 'ignore' })
  let megabytes = 0
  const watch = setInterval(() => {
    const peaks = [child.pid!, ...childrenOf(child.pid!)].map((pid) => residentMemory(pid).peak || 0)
    megabytes = Math.max(megabytes, ...peaks)
  }, 5)
  const code = await new Promise<number | null>((settle) => child.on('close', settle))
  clearInterval(watch)
  return { seconds: (performance.now() - began) / 1000, megabytes, code }
}

/** The cost of refusing each malformed picture. */
export async function benchMalformed(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slerp-bench-'))
  const costs = []
  for (const picture of malformedPictures()) {
    const path = join(folder, picture.name)
    picture.write(path)
    costs.push({ name: picture.name, ...(await refuse(path)) })
  }
  const slowest = costs.reduce((a, b) => (a.seconds > b.seconds ? a : b))
  const largest = costs.reduce((a, b) => (a.megabytes > b.megabytes ? a : b))
  printTable(
    `Malformed pictures through encode: ${costs.length}, refused ${costs.filter(({ code }) => code !== 0).length}`,
    [
      ['slowest', `${slowest.seconds.toFixed(2)} s`, slowest.name],
      ['most memory of one process', `${largest.megabytes.toFixed(0)} MB`, largest.name],
    ],
  )
}
