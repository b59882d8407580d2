import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { findBundledAgain, findInstallation, isInstalledFile } from '#files/installation'

/** A folder with a package.json, and a file deep inside it from which the search for the program starts. */
function install(folder: string, name = 'slerp-studio'): { root: string; from: string } {
  const root = join(mkdtempSync(join(tmpdir(), 'installation-')), folder)
  const from = join(root, 'out/main/chunks')
  mkdirSync(from, { recursive: true })
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version: '1.2.3' }))
  return { root, from }
}

it('finds the clone from which the program runs', () => {
  const found = findInstallation()
  expect(found).toMatchObject({ kind: 'sources', root: resolve('.'), resources: resolve('resources') })
})

it('finds the npm package from a chunk of the build (would catch a fixed number of parent folders)', () => {
  const { root, from } = install('node_modules/slerp-studio')
  expect(findInstallation(from)).toEqual({
    kind: 'package',
    version: '1.2.3',
    root,
    resources: join(root, 'resources'),
    engineEntry: join(root, 'out/main/engine.js'),
    probeEntry: join(root, 'out/main/probe.js'),
    downloadEntry: join(root, 'out/main/download.js'),
  })
})

it('finds an installed app’s resources outside its archive, where native libraries can read them', () => {
  const { root, from } = install('opt/slerp-studio/resources/app.asar')
  expect(findInstallation(from)).toMatchObject({ kind: 'app', root, resources: join(root, '..') })
})

it('refuses the package of another program', () => {
  expect(() => findInstallation(install('other', 'another-program').from)).toThrow(/install it again/)
})

it.each([
  ['/tmp/.mount_SlerpAb12/resources/models/fruits-96', '/now/models/fruits-96'],
  ['/tmp/.mount_SlerpAb12/resources/samples/apple-golden.webp', '/now/samples/apple-golden.webp'],
  [
    '/private/var/folders/x/AppTranslocation/1/d/Slerp Studio.app/Contents/Resources/samples/a.webp',
    '/now/samples/a.webp',
  ],
  ['C:\\Program Files\\Slerp Studio\\resources\\models\\fruits-64', '/now/models/fruits-64'],
  ['/home/me/models/fruits-96', null],
  ['/home/me/resources/models/fruits-96/unet', null],
  ['/home/me/resources/fonts/a.ttf', null],
])('finds %s of an earlier installation at %s', (path, now) => {
  expect(findBundledAgain(path, '/now')).toBe(now)
})

it.each([
  ['/tmp/.mount_SlerpAb12/resources/models/fruits-96', true],
  ['/opt/Slerp Studio/resources/models/fruits-96', true],
  ['/Applications/Slerp Studio.app/Contents/Resources/models/fruits-96', true],
  ['C:\\Program Files\\Slerp Studio\\resources\\models\\fruits-64', true],
  ['/usr/lib/node_modules/slerp-studio/resources/models/fruits-96', true],
  ['/mnt/drive/slerp-studio/resources/models/fruits-96', false],
  ['/home/me/resources/models/fruits-96', false],
])('knows whether %s belongs to an installation: %s', (path, isInstalled) => {
  expect(isInstalledFile(path)).toBe(isInstalled)
})
