import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { documentName, withArchive } from '#engine/project/archive'
import { previousVersionOf } from '#engine/project/writeArchive'
import { printTable } from './measure'

/** The system calls that change a disk's contents, and those that open and close. */
const calls = [
  ...['openat', 'write', 'pwrite64', 'writev', 'fsync', 'fdatasync', 'ftruncate', 'close'],
  ...['rename', 'renameat2', 'link', 'linkat', 'unlink', 'unlinkat', 'mkdir', 'copy_file_range'],
]

/** The version that a project holds, after verifying every part of it; null if there is no file. */
async function versionAt(path: string): Promise<string | null> {
  if (!existsSync(path)) return null
  return withArchive(path, async (archive) => {
    const versions = new Set<string>()
    for (const name of Object.keys(archive.parts)) {
      const bytes = await archive.read(name)
      const isDocument = name === documentName
      versions.add(
        isDocument
          ? (JSON.parse(bytes.toString()) as { version: string }).version
          : String.fromCharCode(bytes[0]),
      )
    }
    if (versions.size !== 1) throw new Error(`It mixes ${[...versions].join(' and ')}.`)
    return [...versions][0]
  })
}

interface Moment {
  count: number
  /** Set once a save has made fewer of these calls. */
  isThrough: boolean
}

/** Every call of every kind, one after another. */
function* everyCall(): Generator<{ call: string; when: Moment }> {
  for (const call of calls) {
    const when = { count: 1, isThrough: false }
    for (; !when.isThrough; when.count++) yield { call, when }
  }
}

/**
 * Saves in a separate process.
 *
 * @param injection  what strace does to it, from the moment it starts to save
 * @returns whether it ran to completion
 */
async function save(script: string, path: string, version: string, injection?: string): Promise<boolean> {
  // A single thread for files, so that their calls are counted in one sequence.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' }
  const child = spawn(process.execPath, [script, path, version], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit') as Promise<[number | null]>
  await once(child.stdout, 'data')
  if (injection !== undefined) {
    const trace = [
      '-f',
      '-p',
      String(child.pid),
      '-o',
      '/dev/null',
      '-e',
      `trace=${calls.join()}`,
      '-e',
      injection,
    ]
    const strace = spawn('strace', trace, { stdio: ['ignore', 'ignore', 'pipe'] })
    // strace says so once it is attached to every thread.
    await once(strace.stderr, 'data')
  }
  child.stdin.on('error', () => undefined)
  child.stdin.write('go\n')
  const [code] = await ended
  return code === 0
}

/** Kills a save with SIGKILL at each of its system calls, using strace; verifies what is left after each. */
export async function benchSaveKills(): Promise<void> {
  if (process.platform !== 'linux' || spawnSync('strace', ['--version']).status !== 0) {
    return console.log('\nKills of a save: not measured, because there is no strace.')
  }
  const root = mkdtempSync(join(tmpdir(), 'slerp-save-kills-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: 'bench/saveOnce.ts',
      outDir: join(root, 'built'),
      rollupOptions: { output: { entryFileNames: 'save.mjs' } },
    },
    ssr: { noExternal: true },
  })
  const script = join(root, 'built', 'save.mjs')
  const place = join(root, 'place')
  const path = join(place, 'film.slerp')

  const verdicts = {
    'killed calls': 0,
    'the old project': 0,
    'the new project': 0,
    'does not open or mixed': 0,
  }
  const leftovers = new Set<number>()
  for (const { call, when } of everyCall()) {
    rmSync(place, { recursive: true, force: true })
    mkdirSync(place)
    for (const version of ['a', 'b']) await save(script, path, version)
    if (await save(script, path, 'c', `inject=${call}:signal=SIGKILL:when=${when.count}`)) {
      when.isThrough = true
      continue
    }
    verdicts['killed calls']++
    try {
      const [version, previous] = [await versionAt(path), await versionAt(previousVersionOf(path))]
      const isOld = version === 'b' && (previous === 'a' || previous === 'b')
      const isNew = version === 'c' && previous === 'b'
      if (!isOld && !isNew) throw new Error(`It is ${version}, and the one before it ${previous}.`)
      verdicts[isOld ? 'the old project' : 'the new project']++
    } catch (error) {
      verdicts['does not open or mixed']++
      console.log(`killed at ${call} ${when.count}: ${(error as Error).message}`)
    }
    // Files left by a killed save do not disturb the next one.
    await save(script, path, 'd')
    if ((await versionAt(path)) !== 'd') verdicts['does not open or mixed']++
    leftovers.add(readdirSync(place).length)
  }
  printTable('A save killed at every system call', [
    ...Object.entries(verdicts).map(([what, number]) => [what, String(number)]),
    ['files beside after the next save', String(Math.max(...leftovers) - 2)],
  ])
  rmSync(root, { recursive: true })
}
