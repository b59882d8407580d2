import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the program lies. Nothing is ever written there: see `dataFolder` and `cacheFolder`. */
export interface Installation {
  /** A clone with its sources, npm's package, or the installed app, whose code lies in an archive. */
  readonly kind: 'sources' | 'package' | 'app'
  readonly version: string
  /** Folder of `package.json` and of the built code, `out`; inside the archive in an installed app. */
  readonly root: string
  /** Folder of models, samples and fonts, which native libraries read too, so that it is outside every archive. */
  readonly resources: string
  /** Built entries of the processes that compute, that check devices, and that download models. */
  readonly engineEntry: string
  readonly probeEntry: string
  readonly downloadEntry: string
}

/** The model that is used when none is chosen. */
export const bundledModelName = 'fruits-64'

/**
 * Finds the installation from wherever this code was built to. The only place that knows how the program lies on a disk:
 * everything else asks here.
 *
 * @throws Error when the folders around it are not those of this program
 */
export function findInstallation(from: string = import.meta.dirname): Installation {
  for (let root = from; root !== dirname(root); root = dirname(root)) {
    const description = readDescription(root)
    if (description?.name === 'slerp-studio') return describe(root, description.version)
  }
  throw new Error(`No installation of Slerp Studio around "${from}": install it again.`)
}

/** The runtime that computes networks: its version, and the folder of its native libraries. */
export interface Runtime {
  readonly version: string
  readonly libraries: string
}

/** Finds onnxruntime, which stays a package of its own wherever the program is installed. */
export function findRuntime(): Runtime {
  const description = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  const { version } = JSON.parse(readFileSync(description, 'utf8')) as { version: string }
  // What the system loads lies beside the archive: it cannot look into one.
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
