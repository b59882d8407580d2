import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join, relative } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { FuseV1Options } from '@electron/fuses'
import { expect, it } from 'vitest'
import { fuses, readFuses } from '../../tools/package/fuses.mjs'
import { shippedPackages } from '../../tools/package/shippedPackages.mjs'
import { bomProblems } from '../fixtures/cycloneDx'
import { installApp } from './installedApp'

const app = installApp()
const program = join(app.root, 'opt/slerp-studio')
const archive = join(program, 'resources/app.asar')
const packed = listPackage(archive, { isPack: false }).map((path) => path.slice(1))
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

it('contains exactly the listed packages (would catch an unneeded dependency)', () => {
  const names = packed.flatMap(
    (path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\/package\.json$/.exec(path)?.[1] ?? [],
  )
  expect(names.sort()).toEqual(Object.keys(shippedPackages(process.platform, process.arch)).sort())
})

it('imports only packages that it contains (would catch ERR_MODULE_NOT_FOUND after installation)', () => {
  const shipped = Object.keys(shippedPackages(process.platform, process.arch))
  const built = packed.filter((path) => /^out\/main\/.*\.js$/.test(path))
  expect(built.length).toBeGreaterThan(5)
  const imported = built.flatMap((path) =>
    [
      ...String(extractFile(archive, path)).matchAll(/^import\s(?:[^'"]*\sfrom\s)?['"]([^'".][^'"]*)['"]/gm),
    ].map(([, name]) => name),
  )
  const foreign = imported.filter((name) => !isBuiltin(name) && name !== 'electron')
  expect([...new Set(foreign)].filter((name) => !shipped.includes(name))).toEqual([])
})

it('has native libraries for this system only, next to the archive', () => {
  const native = filesBelow(program).filter((path) => /\.(node|so(\.\d+)*|dll|dylib)$/.test(path))
  const inside = native
    .filter((path) => path.includes('node_modules'))
    .map((path) => path.slice(program.length + 1))
  expect(inside.every((path) => path.startsWith('resources/app.asar.unpacked/'))).toBe(true)
  expect(inside.length).toBe(3)
  for (const path of native) {
    // The magic of an ELF file, and 62 for x86-64 or 183 for AArch64: the ELF specification.
    const head = readFileSync(path).subarray(0, 20)
    expect(head.toString('latin1', 1, 4), path).toBe('ELF')
    expect(head.readUInt16LE(18), path).toBe({ x64: 62, arm64: 183 }[process.arch as string])
  }
})

it('has the bundled models as they are in the repository (would catch a model that is not recognised by its hash)', () => {
  const resources = join(program, 'resources')
  const files = filesBelow(join(resources, 'models'))
  expect(files.filter((path) => path.endsWith('.safetensors'))).not.toEqual([])
  for (const path of files) {
    const original = join('resources', relative(resources, path))
    expect(readFileSync(path).equals(readFileSync(original)), path).toBe(true)
  }
})

it('contains the build and nothing else of `out` (would catch pictures of demos and measurements)', () => {
  const folders = packed.flatMap((path) => /^out\/([^/]+)/.exec(path)?.[1] ?? [])
  expect([...new Set(folders)].sort()).toEqual(['main', 'manual', 'preload', 'renderer'])
})

it('contains no sources, tests, source maps or types', () => {
  const paths = [...packed, ...filesBelow(program)]
  expect(paths.filter((path) => /\.(ts|vue|map)$|(^|\/)(test|src|tools)\//.test(path))).toEqual([])
})

it('has every fuse set as in the table, and no fuse that is missing from the table', async () => {
  const found = await readFuses(app.program)
  expect(Object.keys(found).length).toBeGreaterThanOrEqual(8)
  for (const [name, on] of Object.entries(found)) {
    expect(fuses, `the fuse ${name} is new: decide about it in tools/package/fuses.mjs`).toHaveProperty(name)
    expect(on, name).toBe(fuses[name as keyof typeof fuses].on)
  }
})

it('has a setting for every fuse that @electron/fuses knows (would catch a new fuse)', () => {
  const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)))
  expect(Object.keys(fuses).sort()).toEqual(known.sort())
})

it('has a bill of materials that conforms to CycloneDX’s schema and names every package', async () => {
  const text = readFileSync(join(program, 'resources/sbom.cdx.json'), 'utf8')
  expect(await bomProblems(text)).toBeNull()
  const { components } = JSON.parse(text) as { components: { name: string }[] }
  const named = components.map(({ name }) => name)
  for (const name of ['electron', ...Object.keys(shippedPackages(process.platform, process.arch))])
    expect(named).toContain(name)
})

it('matches its list of hashes, which reveals a changed file', () => {
  const check = () =>
    spawnSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: program, encoding: 'utf8' })
  expect(check()).toMatchObject({ status: 0, stdout: '' })
  const listed = readFileSync(join(program, 'SHA256SUMS'), 'utf8').trim().split('\n')
  expect(listed.length).toBe(filesBelow(program).length - 1)
  const changed = join(program, 'resources/samples/README.md')
  const text = readFileSync(changed, 'utf8')
  writeFileSync(changed, `${text} `)
  expect(check().stdout).toContain('resources/samples/README.md: FAILED')
  writeFileSync(changed, text)
})

it('makes Chromium’s sandbox helper setuid, and no other file', () => {
  const special = filesBelow(join(app.root)).filter((path) => statSync(path).mode & 0o6000)
  expect(special).toEqual([join(program, 'chrome-sandbox')])
  expect(statSync(special[0]).mode & 0o7777).toBe(0o4755)
})

it('has no file that group or others may write', () => {
  const open = filesBelow(app.root).filter((path) => statSync(path).mode & 0o022)
  expect(open).toEqual([])
})

it('registers with the desktop: entry, icons in all sizes, and the .slerp file type', () => {
  const share = join(app.root, 'usr/share')
  const entry = readFileSync(join(share, 'applications/slerp-studio.desktop'), 'utf8')
  expect(entry).toMatch(/^Exec=\/opt\/slerp-studio\/slerp-studio %F$/m)
  const mime = readFileSync(join(share, 'mime/packages/slerp-studio.xml'), 'utf8')
  const [, type] = /mime-type type="([^"]+)"/.exec(mime) ?? []
  expect(entry).toContain(`MimeType=${type};`)
  expect(mime).toContain('<glob pattern="*.slerp" />')
  for (const size of [16, 22, 24, 32, 48, 64, 128, 256, 512]) {
    const png = readFileSync(join(share, `icons/hicolor/${size}x${size}/apps/slerp-studio.png`))
    // Width and height in the IHDR chunk: the PNG specification, 11.2.2.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size])
  }
})
