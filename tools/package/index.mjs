#!/usr/bin/env node
// `npm run package`: writes the app as a folder, ready to run, and on Linux also a Debian package of it, both
// in `dist`. With `-- --installers`, builds electron-builder's installers for this system instead (NSIS, DMG,
// AppImage), whose tools it downloads.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build, Platform } from 'electron-builder'
import { builderConfig } from './builderConfig.mjs'
import { makeDeb } from './deb.mjs'
import { iconFolder, writeIcons } from './icons.mjs'
import { writeSbom } from './sbom.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`

/** Returns the disk usage of a folder, in bytes. */
function sizeOfFolder(folder) {
  return 1024 * Number.parseInt(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }), 10)
}

function printSize(path, bytes) {
  console.log(`${relative(root, path)}: ${megabytes(bytes)}`)
}

async function pack() {
  const { installers } = parseArgs({ options: { installers: { type: 'boolean', default: false } } }).values
  execFileSync(process.execPath, ['tools/build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const about = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  mkdirSync(`${root}dist`, { recursive: true })
  writeFileSync(`${root}dist/sbom.cdx.json`, JSON.stringify(writeSbom(about), null, 2))
  await writeIcons(root + iconFolder)
  const made = await build({
    projectDir: root,
    targets: Platform.current().createTarget(installers ? undefined : 'dir'),
    config: builderConfig(process.platform, process.arch),
    publish: 'never',
  })
  for (const path of made) printSize(path, statSync(path).size)
  if (process.platform !== 'linux') return
  const app = `${root}dist/linux-unpacked`
  printSize(app, sizeOfFolder(app))
  const deb = makeDeb(app, about)
  printSize(deb, statSync(deb).size)
}

try {
  await pack()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
