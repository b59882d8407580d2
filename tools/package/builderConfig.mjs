import { readFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFuses } from './fuses.mjs'
import { shippedPackages } from './shippedPackages.mjs'
import { writeSums } from './sums.mjs'

const linuxFiles = fileURLToPath(new URL('linux', import.meta.url))

/** Whether the folder of an Electron at hand takes the place of the package's own download, and of which version it is. */
function electronAtHand() {
  const electronDist = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!electronDist) return {}
  return { electronDist, electronVersion: readFileSync(join(electronDist, 'version'), 'utf8').trim() }
}

/**
 * What electron-builder is told. Only the build and what it loads goes into the archive; libraries of the system lie
 * beside it, for the loader cannot look into an archive; models, pictures and pages lie outside it.
 *
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {import('electron-builder').Configuration}
 */
export function builderConfig(platform, arch) {
  const packages = Object.entries(shippedPackages(platform, arch))
  return {
    appId: 'org.slerpstudio.SlerpStudio',
    productName: 'Slerp Studio',
    copyright: 'MIT licence',
    directories: { output: 'dist', buildResources: 'resources/icons' },
    ...electronAtHand(),
    electronLanguages: ['en-US'],
    // Which packages are shipped, and what of them, is listed; otherwise all dependencies would be taken whole.
    beforeBuild: () => Promise.resolve(false),
    extraMetadata: { main: 'out/main/installed.js' },
    files: [
      { from: '.', filter: ['package.json'] },
      {
        from: 'out',
        to: 'out',
        filter: ['**/*', '!**/*.map', '!**/packages.json', '!demo/**', '!**/beforeReady.cjs'],
      },
      ...packages.map(([name, files]) => ({
        from: `node_modules/${name}`,
        to: `node_modules/${name}`,
        filter: ['package.json', 'LICENSE*', 'ThirdPartyNotices*', ...files],
      })),
    ],
    asar: true,
    asarUnpack: ['**/*.{node,so,so.*,dll,dylib,dat}', 'node_modules/libheif-js/**'],
    extraResources: [
      ...['models', 'samples', 'fonts'].map((name) => ({ from: `resources/${name}`, to: name })),
      { from: 'dist/sbom.cdx.json', to: 'sbom.cdx.json' },
    ],
    afterPack: ({ appOutDir, packager }) => afterPack(appOutDir, packager),
    linux: { executableName: 'slerp-studio', target: ['AppImage'], category: 'Graphics' },
    win: { target: ['nsis'] },
    mac: { target: ['dmg'], category: 'public.app-category.graphics-design' },
  }
}

async function afterPack(folder, packager) {
  const { platform, appInfo } = packager
  const endings = { darwin: '.app', win32: '.exe' }
  const name = platform.nodeName === 'linux' ? packager.executableName : appInfo.productFilename
  // Of an Electron at hand, what shows that nothing was given to run.
  await rm(join(folder, 'resources/default_app.asar'), { force: true })
  await setFuses(join(folder, `${name}${endings[platform.nodeName] ?? ''}`))
  if (platform.nodeName !== 'linux') return
  await cp(join(linuxFiles, 'slerp-studio'), join(folder, 'bin/slerp-studio'))
  await cp(join(linuxFiles, 'apparmor-profile'), join(folder, 'apparmor-profile'))
  await writeSums(folder)
}
