/**
 * Stress-tests downloads from the stand-in hub: 200 with cuts at random bytes, one with 200 cuts and 20 kills
 * of the whole program, a disk that fills up on the way, and the cache shared with Python's huggingface_hub.
 * Sends nothing to the real hub.
 *
 *     npx tsx bench/hub/index.ts [python]
 *
 * The Python given needs huggingface_hub, and diffusers with torch to load the model.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { forkEngine } from '#host/forkPort'
import { pullModel } from '#host/models/pullModel'
import { createRandom } from '../../test/fixtures/random'
import { StandInHub, type HubRepository } from '../../test/fixtures/standInHub'
import { installation } from '../subjects'

const run = promisify(execFile)
const python = process.argv[2]
const random = createRandom(2026)
const below = (limit: number): number => Math.floor(random() * limit)
const cli = join(installation.root, 'out/main/cli.js')
const weightsName = 'unet/diffusion_pytorch_model.safetensors'

function modelOf(weights: Buffer, seed: number): HubRepository {
  const fixture = join(installation.root, 'test/golden/fixtures/unet/one-layer')
  const read = (name: string): Buffer => readFileSync(join(fixture, name))
  return {
    commit: createHash('sha1').update(String(seed)).digest('hex'),
    files: {
      'README.md': Buffer.from('---\nlicense: mit\n---\n# A model for tests\n'),
      'model_index.json': read('model_index.json'),
      'scheduler/scheduler_config.json': read('scheduler/scheduler_config.json'),
      'unet/config.json': read('unet/config.json'),
      [weightsName]: weights,
    },
  }
}

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex')

/** The environment for a download from the stand-in hub into a cache. */
function environment(hub: StandInHub, cache: string): Record<string, string | undefined> {
  return { ...process.env, HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: cache, HF_TOKEN: '', HF_HUB_OFFLINE: '' }
}

/** How often kept bytes were sent again, over all responses for the file, and how many were in flight. */
function repeated(hub: StandInHub, kept: readonly number[]): { again: number; inFlight: number } {
  const answers = hub.served.filter(({ path }) => path === weightsName)
  const ends = answers.slice(0, -1).map(({ from, sent }) => from + sent)
  const lost = answers.slice(1).map(({ from }, i) => ends[i] - from)
  const again = kept.filter((size) => size > 0 && !answers.some(({ from }) => from === size)).length
  return { again, inFlight: Math.max(0, ...lost) }
}

async function manyCuts(folder: string): Promise<void> {
  const count = 200
  const outcomes = { whole: 0, cuts: 0, mostLost: 0 }
  const pullOne = async (seed: number): Promise<void> => {
    const weights = randomBytes(200_000 + below(1_800_000))
    const hub = await StandInHub.start({ 'bench/model': modelOf(weights, seed) })
    const cuts = 1 + below(12)
    let cut = 0
    hub.fault = (path, from) =>
      path === weightsName && cut++ < cuts ? { cutAfter: 1 + below(weights.length - from - 1) } : {}
    const cache = join(folder, String(seed))
    Object.assign(process.env, environment(hub, cache))
    const result = await pullModel(() => forkEngine(installation.downloadEntry), { model: 'bench/model' })
    if (!result.ok) throw new Error(result.error.message)
    if (hashOf(readFileSync(join(result.data.path, weightsName))) === hashOf(weights)) outcomes.whole++
    outcomes.cuts += cuts
    outcomes.mostLost = Math.max(outcomes.mostLost, repeated(hub, []).inFlight)
    await hub.close()
    rmSync(cache, { recursive: true })
  }
  for (let seed = 0; seed < count; seed += 10) {
    // Processes read the environment when they start, so they are started in turn and run concurrently.
    await Promise.all(Array.from({ length: 10 }, (_, i) => pullOne(seed + i)))
  }
  console.log(
    `${outcomes.whole} of ${count} downloads whole with the right hash, over ${outcomes.cuts} cuts at random bytes; at most ${outcomes.mostLost} bytes were in flight at a cut`,
  )
}

async function cutsAndRestarts(folder: string): Promise<void> {
  const weights = randomBytes(24_000_000)
  const hub = await StandInHub.start({ 'bench/model': modelOf(weights, 1) })
  let cuts = 0
  hub.fault = (path) =>
    path !== weightsName ? {} : cuts++ < 200 ? { cutAfter: 1 + below(200_000), slow: 1 } : { slow: 1 }
  const cache = join(folder, 'restarts')
  const part = join(cache, 'models--bench--model/blobs', `${hashOf(weights)}.incomplete`)
  const kept: number[] = []
  let kills = 0
  for (;;) {
    const child = spawn(process.execPath, [cli, 'pull', 'bench/model', '--json'], {
      env: environment(hub, cache) as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    if (kills < 20) {
      const code = await Promise.race([ended, setTimeout(700 + below(2500), 'late' as const)])
      if (code === 'late') {
        child.kill('SIGKILL')
        await ended
        // The download process ends when it notices that its parent is gone.
        await setTimeout(300)
        kept.push(existsSync(part) ? statSync(part).size : 0)
        kills++
        continue
      }
    }
    const code = await ended
    if (code !== 0) throw new Error(`pull ended with ${code}: ${output}`)
    const { path } = JSON.parse(output) as { path: string }
    const isWhole = hashOf(readFileSync(join(path, weightsName))) === hashOf(weights)
    const { again, inFlight } = repeated(hub, kept)
    console.log(
      `24 MB with ${Math.min(cuts, 200)} cuts and ${kills} kills of the program: ${isWhole ? 'whole' : 'WRONG'}; of ${kept.length} restarts ${again} began below what was on disk; at most ${inFlight} bytes were in flight at an end`,
    )
    break
  }
  await hub.close()
}

async function fullDisk(folder: string): Promise<void> {
  const disk = join(folder, 'small-disk')
  try {
    execFileSync('mkdir', [disk])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=90m', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    return console.log('A DISK THAT FILLS UP WAS NOT TRIED: only root may mount one here.')
  }
  const weights = randomBytes(20_000_000)
  const hub = await StandInHub.start({ 'bench/model': modelOf(weights, 2) })
  try {
    hub.fault = (path) => (path === weightsName ? { slow: 2 } : {})
    Object.assign(process.env, environment(hub, join(disk, 'hub')))
    const filler = join(disk, 'filler')
    const pull = () => pullModel(() => forkEngine(installation.downloadEntry), { model: 'bench/model' })
    writeFileSync(filler, Buffer.alloc(40_000_000))
    console.log('told before:', sentenceOf(await pull()))
    rmSync(filler)
    const pulling = pull()
    while (!existsSync(join(disk, 'hub/models--bench--model/blobs', `${hashOf(weights)}.incomplete`)))
      await setTimeout(5)
    await run('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M']).catch(() => undefined)
    console.log('filled on the way:', sentenceOf(await pulling))
    const names = readdirSync(join(disk, 'hub'), { recursive: true }) as string[]
    console.log('under final names:', names.filter((name) => /snapshots|refs/.test(name)).length)
    rmSync(filler)
    const result = await pull()
    console.log(
      'with room again:',
      result.ok
        ? `whole, ${result.data.fetchedBytes} of ${result.data.bytes} bytes fetched`
        : result.error.message,
    )
  } finally {
    await hub.close()
    execFileSync('umount', [disk])
  }
}

function sentenceOf(result: Awaited<ReturnType<typeof pullModel>>): string {
  return result.ok ? 'NO FAILURE' : `${result.error.code}: ${result.error.message}`
}

async function shareWithPython(folder: string): Promise<void> {
  const weights = readFileSync(join(installation.root, 'test/golden/fixtures/unet/one-layer', weightsName))
  const hub = await StandInHub.start({ 'bench/model': modelOf(weights, 3) })
  const script = join(import.meta.dirname, 'interop.py')
  const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')]
  const slerp = async (cache: string, ...args: string[]) =>
    JSON.parse(
      (
        await run(process.execPath, [cli, ...args, '--json'], {
          env: environment(hub, cache) as NodeJS.ProcessEnv,
        })
      ).stdout,
    ) as Record<string, unknown>
  await slerp(ours, 'pull', 'bench/model')
  const read = await run(python, [script, 'read', 'bench/model'], {
    env: environment(hub, ours) as NodeJS.ProcessEnv,
  })
  console.log(read.stdout.trim())
  const written = await run(python, [script, 'write', 'bench/model'], {
    env: environment(hub, theirs) as NodeJS.ProcessEnv,
  })
  console.log(written.stdout.trim())
  const [a, b] = await Promise.all([ours, theirs].map((cache) => slerp(cache, 'info', 'bench/model')))
  console.log(`what Python wrote opens here by its id, as the same model: ${a['sha256'] === b['sha256']}`)
  const before = hub.served.length
  const { fetchedBytes } = await slerp(theirs, 'pull', 'bench/model')
  console.log(`pulled again over it: ${String(fetchedBytes)} bytes in ${hub.served.length - before} files`)
  await hub.close()
}

const folder = mkdtempSync(join(tmpdir(), 'slerp-hub-'))
try {
  await manyCuts(folder)
  await cutsAndRestarts(folder)
  await fullDisk(folder)
  if (python) await shareWithPython(folder)
  else console.log('THE CACHE WAS NOT SHARED WITH PYTHON: name a Python with huggingface_hub.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
