import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FileMatcher } from 'app-builder-lib/out/fileMatcher.js'
import AppImageTarget from 'app-builder-lib/out/targets/appimage/AppImageTarget.js'
import { convertIcon } from 'app-builder-lib/out/util/iconConverter.js'
import { expect, it } from 'vitest'
import { projectEnding } from '#shared/fileKinds'
import { appId } from '../../../src/main/appId'
import { builderConfig } from '../../../tools/package/builderConfig.mjs'
import { writeIcons } from '../../../tools/package/icons.mjs'

const config = builderConfig('linux', 'x64')

it.each([
  ['main/index.js', true],
  ['main/chunks/a.js', true],
  ['preload/index.cjs', true],
  ['renderer/assets/a.css', true],
  ['manual/pictures/a.png', true],
  ['main/index.js.map', false],
  ['renderer/packages.json', false],
  ['demo/frame-001.png', false],
  ['results/cache/a.npy', false],
  ['main.bak/index.js', false],
  ['person.webp', false],
])('of `out`, %s goes into the archive: %s (would catch people’s pictures in it)', (path, isPacked) => {
  const folder = mkdtempSync(join(tmpdir(), 'out-'))
  mkdirSync(join(folder, dirname(path)), { recursive: true })
  writeFileSync(join(folder, path), '')
  const sets = config.files as { from: string; filter: string[] }[]
  const { filter } = sets.find(({ from }) => from === 'out')!
  const accepts = new FileMatcher(folder, '', (text) => text, filter).createFilter()
  const entries = [join(folder, dirname(path)), join(folder, path)]
  // A folder that is refused is not looked into.
  expect(entries.every((entry) => accepts(entry, statSync(entry) as never))).toBe(isPacked)
})

it('electron-builder finds the icon, as large as macOS wants it (would catch Electron’s default icon)', async () => {
  const project = mkdtempSync(join(tmpdir(), 'icons-'))
  await writeIcons(join(project, config.icon!))
  const roots = [join(project, config.directories!.buildResources!), project]
  // As electron-builder asks for a Linux target: any other conversion needs a tool that it downloads.
  const { icons, isFallback } = await convertIcon({
    ...{ sources: [config.icon!], fallbackSources: [], roots },
    ...{ format: 'set', outDir: join(project, 'converted') },
  })
  expect(isFallback).toBe(false)
  const { file, size } = icons.at(-1)!
  const png = readFileSync(file)
  // Width and height in the IHDR chunk: the PNG specification, 11.2.2.
  expect([size, png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1024, 1024, 1024])
})

it('installers register the id that the app goes by (would catch a taskbar entry and notifications of another app)', () => {
  expect(config.appId).toBe(appId)
})

it.each([
  ['darwin', 'x64', false],
  ['darwin', 'arm64', true],
  ['win32', 'ia32', false],
  ['win32', 'x64', true],
  ['linux', 'arm64', true],
] as const)(
  'whether it packages for %s on %s: %s, as the runtime has a library for it',
  (platform, arch, packages) => {
    const attempt = () => builderConfig(platform, arch)
    if (packages) expect(attempt).not.toThrow()
    else expect(attempt).toThrow(/onnxruntime-node has no library for it/)
  },
)

it.each([
  ['win32', 'x64'],
  ['darwin', 'arm64'],
] as const)('%s opens projects with the app', (platform, arch) => {
  const [association, ...others] = builderConfig(platform, arch).fileAssociations as { ext: string }[]
  expect(association).toMatchObject({ ext: projectEnding, role: 'Editor' })
  expect(others).toEqual([])
})

it('the AppImage’s desktop entry does not switch Chromium’s sandbox off', async () => {
  const packager = { config, platformSpecificBuildOptions: config.linux, appInfo: { buildVersion: '1' } }
  const helper = { computeDesktopEntry: (_options: object, exec: string) => exec }
  const target = new AppImageTarget('', packager as never, helper as never, '')
  const entry = (target as unknown as { desktopEntry: { value: Promise<string> } }).desktopEntry
  expect((await entry.value).split(/ +/)).toEqual(['AppRun', '%U'])
})
