import { existsSync, readFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFuses } from './fuses.mjs'
import { iconFolder } from './icons.mjs'
import { shippedPackages } from './shippedPackages.mjs'
import { writeSums } from './sums.mjs'

/** What `npm run build` makes in `out`. Nothing else there is shipped: demos and measurements hold pictures. */
const builtFolders = ['main', 'preload', 'renderer', 'manual']

const runtimeLibraries = fileURLToPath(
  new URL('../../node_modules/onnxruntime-node/bin/napi-v6', import.meta.url),
)
const linuxFiles = fileURLToPath(new URL('linux', import.meta.url))

/** The folder and version of a local Electron, if one replaces the download. */
function electronAtHand() {
  const electronDist = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (!electronDist) return {}
  return { electronDist, electronVersion: readFileSync(join(electronDist, 'version'), 'utf8').trim() }
}

/**
 * The configuration of electron-builder. Only the build and what it loads goes into the archive; system
 * libraries lie next to it, because the loader cannot read archives; models, pictures and pages lie outside.
 *
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {import('electron-builder').Configuration}
 * @throws Error for a system or processor that onnxruntime has no library for
 */
export function builderConfig(platform, arch) {
  requireRuntime(platform, arch)
  const packages = Object.entries(shippedPackages(platform, arch))
  return {
    appId: 'org.slerpstudio.SlerpStudio',
    productName: 'Slerp Studio',
    copyright: 'MIT licence',
    directories: { output: 'dist', buildResources: 'resources/icons' },
    ...electronAtHand(),
    electronLanguages: ['en-US'],
    // Lists which packages and which of their files to ship; otherwise all dependencies would be included.
    beforeBuild: () => Promise.resolve(false),
    extraMetadata: { main: 'out/main/installed.js' },
    files: [
      { from: '.', filter: ['package.json'] },
      {
        from: 'out',
        to: 'out',
        filter: [
          ...builtFolders.map((name) => `${name}/**`),
          ...['!**/*.map', '!**/packages.json', '!**/beforeReady.cjs'],
        ],
      },
      ...packages.map(([name, files]) => ({
        from: `node_modules/${name}`,
        to: `node_modules/${name}`,
        filter: ['package.json', 'LICENSE*', ...files],
      })),
    ],
    asar: true,
    asarUnpack: ['**/*.{node,so,so.*,dll,dylib,dat}', 'node_modules/libheif-js/**'],
    extraResources: [
      ...['models', 'samples', 'fonts'].map((name) => ({ from: `resources/${name}`, to: name })),
      { from: 'dist/sbom.cdx.json', to: 'sbom.cdx.json' },
    ],
    // Relative to the project: on Linux all sizes are taken from here, elsewhere the largest.
    icon: iconFolder,
    // For Windows and macOS: Linux reads only those with a media type, and the Debian package brings its own.
    fileAssociations: [
      {
        ext: 'slerp',
        name: 'Slerp Studio project',
        description: 'Slerp Studio project',
        role: 'Editor',
      },
    ],
    afterPack: ({ appOutDir, packager }) => afterPack(appOutDir, packager, arch),
    linux: {
      executableName: 'slerp-studio',
      target: ['AppImage'],
      category: 'Graphics',
      // By default the AppImage's desktop entry would say --no-sandbox, wherever the sandbox could start.
      executableArgs: [],
    },
    win: { target: ['nsis'] },
    mac: { target: [{ target: 'dmg', arch: ['arm64'] }], category: 'public.app-category.graphics-design' },
  }
}

/** An app without the runtime's library would start and compute nothing. */
function requireRuntime(platform, arch) {
  if (existsSync(join(runtimeLibraries, platform, arch))) return
  throw new Error(
    `Cannot package for ${platform} on ${arch}: onnxruntime-node has no library for it. Package on another computer: for macOS, on one with Apple silicon.`,
  )
}

async function afterPack(folder, packager, arch) {
  const { platform, appInfo } = packager
  const endings = { darwin: '.app', win32: '.exe' }
  const system = platform.nodeName
  const name = system === 'linux' ? packager.executableName : appInfo.productFilename
  // The default app of a local Electron, which only shows that it was given no app.
  await rm(join(folder, 'resources/default_app.asar'), { force: true })
  await setFuses(join(folder, `${name}${endings[system] ?? ''}`), system, arch)
  if (system !== 'linux') return
  await cp(join(linuxFiles, 'slerp-studio'), join(folder, 'bin/slerp-studio'))
  await cp(join(linuxFiles, 'apparmor-profile'), join(folder, 'apparmor-profile'))
  await writeSums(folder)
}
