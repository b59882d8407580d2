import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the program is installed. Nothing is ever written there: see `dataFolder` and `cacheFolder`. */
export interface Installation {
  /** A clone with its sources, npm's package, or the installed app, whose code is in an archive. */
  readonly kind: 'sources' | 'package' | 'app'
  readonly version: string
  /** Folder of `package.json` and of the built code, `out`; inside the archive in an installed app. */
  readonly root: string
  /** Folder of models, samples and fonts. It is outside every archive, as native libraries read it too. */
  readonly resources: string
  /** Built entry points of the processes that compute, that check devices, and that download models. */
  readonly engineEntry: string
  readonly probeEntry: string
  readonly downloadEntry: string
}

/** The default model. */
export const bundledModelName = 'fruits-96'

/** The path of a bundled model or sample picture in any installation. */
const bundledFile = /[\\/]resources[\\/](models|samples)[\\/]([^\\/]+)$/i

/**
 * Returns where a bundled model or sample picture lies now, from its path in an earlier installation; null for any
 * other path. An AppImage has another folder at each start, and so has an app that macOS runs from its download.
 *
 * @param resources  the installation's
 */
export function findBundledAgain(path: string, resources: string): string | null {
  const [, kind, name] = bundledFile.exec(path) ?? []
  return kind === undefined || name === undefined ? null : join(resources, kind, name)
}

/** Folders that only an installation has: an AppImage's, an app's on any system, npm's. */
const installedFile =
  /[\\/](\.mount_[^\\/]+|Slerp Studio(\.app[\\/]Contents)?|node_modules[\\/]slerp-studio)[\\/]resources[\\/]/i

/** Whether a path is that of an installation's own file, on any system; a clone's may be the user's own. */
export function isInstalledFile(path: string): boolean {
  return installedFile.test(path)
}

/**
 * Finds the installation, starting from the folder of this built code. No other code knows the layout on
 * disk.
 *
 * @throws Error if the folders above are not those of this program
 */
export function findInstallation(from: string = import.meta.dirname): Installation {
  for (let root = from; root !== dirname(root); root = dirname(root)) {
    const description = readDescription(root)
    if (description?.name === 'slerp-studio') return describe(root, description.version)
  }
  throw new Error(`No installation of Slerp Studio around "${from}": install it again.`)
}

/** The runtime that evaluates networks: its version, and the folder of its native libraries. */
export interface Runtime {
  readonly version: string
  readonly libraries: string
}

/** Finds onnxruntime, which remains a separate package in every kind of installation. */
export function findRuntime(): Runtime {
  const description = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  const { version } = JSON.parse(readFileSync(description, 'utf8')) as { version: string }
  // Native libraries are unpacked next to the archive, because the system cannot load them from inside it.
  const folder = dirname(description).replace(/\.asar(?=[\\/])/, '.asar.unpacked')
  return { version, libraries: join(folder, 'bin/napi-v6', process.platform, process.arch) }
}

function readDescription(folder: string): { name: string; version: string } | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string }
  } catch {
    return null
  }
}

function describe(root: string, version: string): Installation {
  const isArchive = root.endsWith('.asar')
  const isClone = existsSync(join(root, 'src'))
  return {
    kind: isArchive ? 'app' : isClone ? 'sources' : 'package',
    version,
    root,
    resources: isArchive ? dirname(root) : join(root, 'resources'),
    engineEntry: join(root, 'out/main/engine.js'),
    probeEntry: join(root, 'out/main/probe.js'),
    downloadEntry: join(root, 'out/main/download.js'),
  }
}
