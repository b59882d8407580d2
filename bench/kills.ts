import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { randomNumbers } from '../test/fixtures/mutants'
import { childrenOf, printTable } from './measure'
import { selectedPart } from './part'
import { samples, tinyModel } from './subjects'

const count = 200

/** A command that writes something into a folder of its own. */
interface Job {
  readonly name: string
  readonly output: string
  args(output: string): string[]
}

const common = ['--model', tinyModel, '--threads', '1', '--device', 'cpu']

const jobs: readonly Job[] = [
  {
    name: 'encode',
    output: 'latent.safetensors',
    args: (output) => ['encode', samples[0], '-o', output, '--steps', '300', ...common],
  },
  {
    name: 'encode to .npy',
    output: 'latent.npy',
    args: (output) => ['encode', samples[1], '-o', output, '--steps', '200', ...common],
  },
  {
    name: 'morph to a GIF',
    output: 'morph.gif',
    args: (output) => ['morph', ...samples, '-o', output, '--frames', '24', '--steps', '20', ...common],
  },
  {
    name: 'morph to frames',
    output: 'frames',
    args: (output) => ['morph', ...samples, '-o', output, '--frames', '24', '--steps', '20', ...common],
  },
  {
    name: 'lab',
    output: 'study',
    args: (output) => ['lab', samples[0], '-o', output, '--steps', '5,10,15,20', '--no-figures', ...common],
  },
]

/** Which processes are killed: the engine, which the command has to survive; the command; or both at once. */
const victims = ['engine', 'command', 'both'] as const

interface Running {
  readonly pid: number
  readonly ended: Promise<{ code: number | null; stderr: string }>
}

/** @param cache  the command's cache, which must not hold what another run has computed */
function start(args: readonly string[], cache: string): Running {
  const child = spawn(process.execPath, [resolve('out/main/cli.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: cache },
  })
  let stderr = ''
  child.stderr.on('data', (text) => (stderr += text))
  return {
    pid: child.pid!,
    ended: new Promise((settle) => child.on('close', (code) => settle({ code, stderr }))),
  }
}

/** The contents at a path; of a study only its measurements, as times differ. Null if nothing is there. */
function contentOf(path: string): string | null {
  if (!existsSync(path)) return null
  const hash = createHash('sha256')
  if (existsSync(join(path, 'lab.csv'))) return measuredIn(join(path, 'lab.csv'))
  if (!statSync(path).isDirectory()) return hash.update(readFileSync(path)).digest('hex')
  for (const name of readdirSync(path).sort()) hash.update(name).update(readFileSync(join(path, name)))
  return hash.digest('hex')
}

/** Every column of a study's table except the times. */
function measuredIn(csv: string): string {
  const [heading, ...rows] = readFileSync(csv, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','))
  const kept = heading.map((name) => !/second/i.test(name))
  return [heading, ...rows].map((row) => row.filter((_, i) => kept[i]).join()).join('\n')
}

/** Kills commands at random moments, and runs them again. */
export async function benchKills(): Promise<void> {
  const { share, seed, name } = selectedPart()
  const random = randomNumbers(seed)
  const folder = mkdtempSync(join(tmpdir(), 'slerp-kills-'))
  const references = new Map<string, { content: string | null; seconds: number }>()
  for (const job of jobs) {
    const began = performance.now()
    const output = join(folder, 'reference', job.name, job.output)
    const { code, stderr } = await start(job.args(makeParent(output)), join(folder, 'cache-reference')).ended
    if (code !== 0) throw new Error(`${job.name} failed unkilled: ${stderr}`)
    references.set(job.name, { content: contentOf(output), seconds: (performance.now() - began) / 1000 })
  }
  const counts = { killed: 0, 'came too late': 0, lost: 0, mixed: 0, 'false failures': 0, 'left over': 0 }
  const kills = Math.round(count * share)
  for (let i = 0; i < kills; i++) {
    const job = jobs[i % jobs.length]
    const { content, seconds } = references.get(job.name)!
    const place = join(folder, `kill-${i}`)
    const output = join(place, job.output)
    const cache = join(place, 'cache')
    const victim = victims[Math.floor(random() * victims.length)]
    const report = (what: string) => console.log(`${job.name}, ${victim} killed: ${what} (${place})`)
    const run = start(job.args(makeParent(output)), cache)
    await setTimeout(1000 * random() * seconds)
    counts[kill(run.pid, victim) ? 'killed' : 'came too late']++
    const { code, stderr } = await run.ended
    if (victim === 'engine' && code !== 0) {
      counts['false failures']++
      report(`it failed: ${stderr.trim()}`)
    }
    // What is there now must be complete, or a study in progress.
    const left = contentOf(output)
    if (left !== null && left !== content && job.name !== 'lab') {
      counts.mixed++
      report('it left something else under the final name')
    }
    if (code !== 0) await again(job, output, cache, counts, report)
    const final = contentOf(output)
    if (final === null) counts.lost++
    else if (final !== content) counts.mixed++
    if (final !== content) report(final === null ? 'its result is lost' : 'its result is another')
    const others = readdirSync(place).filter((other) => ![job.output, 'cache'].includes(other))
    if (others.length > 0) {
      counts['left over']++
      report(`beside its result lies ${others.join(', ')}`)
    }
    if (final === content && others.length === 0) rmSync(place, { recursive: true })
  }
  printTable(
    `Kills at random moments: ${kills}${name}`,
    Object.entries(counts).map(([what, number]) => [what, String(number)]),
  )
}

/** Runs the same command once more: it resumes, or finds that its work is done. */
async function again(
  job: Job,
  output: string,
  cache: string,
  counts: { 'false failures': number },
  report: (what: string) => void,
): Promise<void> {
  const isThere = contentOf(output) !== null && job.name !== 'lab'
  const { code, stderr } = await start(job.args(output), cache).ended
  // A file that is already complete is not overwritten, and the command says so.
  if (code === 0 || (isThere && /exists already|there already/.test(stderr))) return
  counts['false failures']++
  report(`run again, it failed: ${stderr.trim()}`)
}

function makeParent(path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  return path
}

function kill(pid: number, victim: (typeof victims)[number]): boolean {
  const engines = childrenOf(pid)
  const doomed = { engine: engines, command: [pid], both: [pid, ...engines] }[victim]
  let killed = false
  for (const each of doomed) {
    try {
      process.kill(each, 'SIGKILL')
      killed = true
    } catch {
      // It has just ended by itself.
    }
  }
  return killed
}
