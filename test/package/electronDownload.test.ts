import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  createReadStream,
  createWriteStream,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import { findElectron } from '../../tools/electronRuntime.mjs'

// Inside the repository, so that the electron package finds its dependencies in a parent folder.
const folder = resolve('test-results/electron-download')
const asked: string[] = []
const server = createServer()

const { version } = JSON.parse(readFileSync('node_modules/electron/package.json', 'utf8')) as {
  version: string
}
const name = `electron-v${version}-${process.platform}-${process.arch}.zip`

/** Zips the local Electron as in Electron's releases. */
async function zipElectron(path: string): Promise<void> {
  const found = await findElectron()
  if ('reason' in found) throw new Error(found.reason)
  const dist = dirname(found.path)
  const zip = new ZipFile()
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    zip.addFile(file, file.slice(dist.length + 1), { compress: false })
  }
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await zipElectron(join(folder, name))
  const sums = `${await sha256(join(folder, name))} *${name}\n`
  server.on('request', ({ url = '' }, response) => {
    asked.push(url)
    if (url === `/v${version}/SHASUMS256.txt`) response.end(sums)
    else if (url === `/v${version}/${name}`) createReadStream(join(folder, name)).pipe(response)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

it('Electron can be downloaded from a mirror, checked, unpacked and run', async () => {
  cpSync('tools', join(folder, 'tools'), { recursive: true })
  cpSync('node_modules/electron', join(folder, 'node_modules/electron'), {
    recursive: true,
    dereference: true,
    filter: (path) => !/electron\/(dist|path\.txt)/.test(path),
  })
  const { ELECTRON_OVERRIDE_DIST_PATH: _atHand, ...env } = process.env
  const script = `import('./tools/electronRuntime.mjs').then((m) => m.findElectron()).then((found) => console.log(JSON.stringify(found)))`
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], {
    cwd: folder,
    env: {
      ...env,
      ELECTRON_MIRROR: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      electron_config_cache: join(folder, 'cache'),
      // The package knows only the hashes of real releases.
      electron_use_remote_checksums: '1',
    },
  })
  const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as { path?: string; reason?: string }
  expect(found).toEqual({ path: join(folder, 'node_modules/electron/dist/electron') })
  expect(asked).toEqual(expect.arrayContaining([`/v${version}/${name}`]))
  const run = { encoding: 'utf8', env: { ...env, ELECTRON_RUN_AS_NODE: '1' } } as const
  expect(execFileSync(found.path!, ['-p', '"runs"'], run).trim()).toBe('runs')
})
