import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the program is built from, relative to the root of a clone. */
export const programSources = [
  'src',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
  'tools/build.mjs',
  ...['shippedPackages', 'bundledPackages'].map((name) => `tools/package/${name}.mjs`),
]

/** What Help is written from; the lists of packages, which its licences come from, are part of the program. */
export const helpSources = [
  'docs',
  'tools/manual',
  ...['shippedPackages', 'components', 'licences'].map((name) => `tools/package/${name}.mjs`),
  'tools/package/licences',
  'package.json',
  'package-lock.json',
  ...['main', 'preload', 'renderer'].map((part) => `out/${part}/packages.json`),
  'resources/samples/README.md',
  'resources/fonts/LICENSE.txt',
]

/**
 * The texts on the models, which are part of Help. Strays beside their folders, and folders without one, do
 * not count.
 *
 * @param {string} clone
 */
export function modelTexts(clone) {
  return readdirSync(join(clone, 'resources/models'))
    .map((name) => `resources/models/${name}/README.md`)
    .filter((path) => existsSync(join(clone, path)))
}

const programOutputs = [
  'out/main/index.js',
  'out/main/cli.js',
  'out/main/engine.js',
  'out/main/probe.js',
  'out/main/download.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
]

const helpOutputs = ['out/manual/manual.html', 'out/manual/licences.html']

async function modifiedAt(path) {
  return (await stat(path)).mtimeMs
}

/**
 * Returns the newest change below `path`; a folder's own time counts too, because it shows deleted files. What
 * is not there, such as the target of a dead link or a file deleted meanwhile, has none.
 */
async function newestChange(path) {
  const found = await stat(path).catch(() => null)
  if (found === null) return -Infinity
  if (!found.isDirectory()) return found.mtimeMs
  const inside = await Promise.all((await readdir(path)).map((name) => newestChange(join(path, name))))
  return Math.max(found.mtimeMs, ...inside)
}

/** Whether one of `outputs` is missing, or older than one of `sources`. */
async function isStale(clone, outputs, sources) {
  const made = outputs.map((path) => join(clone, path))
  if (!made.every((path) => existsSync(path))) return true
  // The parts are built one after another, so after an interrupted build the oldest is decisive.
  const oldestOutput = Math.min(...(await Promise.all(made.map(modifiedAt))))
  const changes = await Promise.all(sources.map((path) => newestChange(join(clone, path))))
  return Math.max(...changes) > oldestOutput
}

/** @param {'program' | 'help'} part */
function build(clone, part) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(clone, 'tools/build.mjs'), part], {
      cwd: clone,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`The build failed:\n${output}`))
    })
  })
}

/**
 * Locks `out/` for one builder, on this machine or another that shares the clone. A builder that has died
 * loses the lock after `stale`.
 *
 * @returns {Promise<() => Promise<void>>} releases the lock
 * @throws Error if `out/` cannot be written
 */
async function lockBuild(clone) {
  const out = join(clone, 'out')
  await mkdir(out, { recursive: true })
  // Loaded only now, because most commands find nothing to build.
  const { lock } = await import('proper-lockfile').catch(() => {
    throw new Error('The libraries of Slerp Studio are not installed: run "npm ci" in its folder.')
  })
  const lockfilePath = join(out, 'build.lock')
  // The clock of another machine may differ by some seconds.
  const options = {
    lockfilePath,
    realpath: false,
    stale: 60_000,
    update: 5000,
    onCompromised: () => undefined,
  }
  for (let waits = false; ; waits = true) {
    try {
      return await lock(out, options)
    } catch (error) {
      if (error.code !== 'ELOCKED') throw error
    }
    if (!waits) console.error('Another command is building Slerp Studio: waiting for it …')
    await setTimeout(200)
  }
}

/** Builds a part if it is stale, unless it no longer is once no other command builds. */
async function bringUpToDate(clone, part, outputs, sources, announcement) {
  if (!(await isStale(clone, outputs, sources))) return
  const release = await lockBuild(clone)
  try {
    if (!(await isStale(clone, outputs, sources))) return
    if (announcement) console.error(announcement)
    await build(clone, part)
  } finally {
    await release().catch(() => undefined)
  }
}

/**
 * Builds the program into `out/` if it is missing or older than its sources, and likewise its Help, which no
 * command needs: where it cannot be written, such as in somebody else's clone, commands go on. Commands that
 * start together build once: the others wait for the first. Says so on stderr, because stdout belongs to the
 * calling command. An installed package has `out/` without sources, which is used as it is.
 *
 * @throws Error with the builder's own output
 */
export async function ensureBuilt(clone = root) {
  if (!existsSync(join(clone, 'src'))) return
  const announcement = 'Building Slerp Studio (a few seconds, only after a change) …'
  await bringUpToDate(clone, 'program', programOutputs, programSources, announcement)
  const sources = [...helpSources, ...modelTexts(clone)]
  await bringUpToDate(clone, 'help', helpOutputs, sources).catch(() =>
    console.error('Help could not be brought up to date: run "node tools/build.mjs help" to see why.'),
  )
}

/** As {@link ensureBuilt}, but a build that fails ends the process, with the builder's own output. */
export async function ensureBuiltOrExit() {
  try {
    await ensureBuilt()
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}
