import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Everything that the build reads, Help included, relative to the root of a clone.
 *
 * @param {string} clone
 */
export function buildSources(clone) {
  const models = readdirSync(join(clone, 'resources/models'))
  return [
    'src',
    'electron.vite.config.ts',
    'tsconfig.base.json',
    'package.json',
    'package-lock.json',
    'tools/build.mjs',
    'tools/manual',
    ...['shippedPackages', 'bundledPackages', 'components'].map((name) => `tools/package/${name}.mjs`),
    'docs',
    ...models.map((name) => `resources/models/${name}/README.md`),
    'resources/samples/README.md',
    'resources/fonts/LICENSE.txt',
  ]
}

const outputs = [
  'out/main/index.js',
  'out/main/cli.js',
  'out/main/engine.js',
  'out/main/probe.js',
  'out/main/download.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/manual/manual.html',
]

async function modifiedAt(path) {
  return (await stat(path)).mtimeMs
}

/** Returns the newest change below `path`; a folder's own time counts too, because it shows deleted files. */
async function newestChange(path) {
  const found = await stat(path)
  if (!found.isDirectory()) return found.mtimeMs
  const inside = await Promise.all((await readdir(path)).map((name) => newestChange(join(path, name))))
  return Math.max(found.mtimeMs, ...inside)
}

/** Whether `out/` is incomplete, or older than its sources. */
async function isStale() {
  const made = outputs.map((path) => join(root, path))
  if (!made.every((path) => existsSync(path))) return true
  // The parts are built one after another, so after an interrupted build the oldest is decisive.
  const oldestOutput = Math.min(...(await Promise.all(made.map(modifiedAt))))
  const changes = await Promise.all(buildSources(root).map((path) => newestChange(join(root, path))))
  return Math.max(...changes) > oldestOutput
}

function build() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'tools/build.mjs')], {
      cwd: root,
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
 * Builds the app into `out/` if it is missing or older than its sources. Says so on stderr, because stdout
 * belongs to the calling command. An installed package has `out/` without sources, which is used as it is.
 *
 * @throws Error with the builder's own output
 */
export async function ensureBuilt() {
  if (!existsSync(join(root, 'src'))) return
  if (!(await isStale())) return
  console.error('Building Slerp Studio (a few seconds, only after a change) …')
  await build()
}
