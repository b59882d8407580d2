import { FuseV1Options, FuseVersion, FuseState, flipFuses, getCurrentFuseWire } from '@electron/fuses'

/**
 * Every fuse that @electron/fuses knows, each set deliberately. A fuse is a bit in Electron's binary: unlike
 * a switch or an environment variable, it cannot be changed by whoever starts the program.
 *
 * @type {Readonly<Record<keyof typeof FuseV1Options, { on: boolean, why: string }>>}
 */
export const fuses = {
  RunAsNode: { on: false, why: 'ELECTRON_RUN_AS_NODE would make of the program a Node that runs any script' },
  EnableCookieEncryption: {
    on: true,
    why: 'the app sets no cookies; should a page ever do, they are encrypted',
  },
  EnableNodeOptionsEnvironmentVariable: {
    on: false,
    why: 'NODE_OPTIONS would load foreign code into the app',
  },
  EnableNodeCliInspectArguments: {
    on: false,
    why: '--inspect would open the main process to every local program',
  },
  EnableEmbeddedAsarIntegrityValidation: {
    on: true,
    why: 'the archive is proved against a hash inside the program, on macOS and Windows',
  },
  OnlyLoadAppFromAsar: { on: true, why: 'a folder "app" beside the archive would be run in its place' },
  LoadBrowserProcessSpecificV8Snapshot: { on: false, why: 'the app brings no snapshot of its own' },
  GrantFileProtocolExtraPrivileges: {
    on: false,
    why: 'pages come by app://, and file: is to be able to do nothing',
  },
  WasmTrapHandlers: {
    on: true,
    why: 'WebAssembly (HEIC) is kept within its memory by the processor, at full speed',
  },
}

/** Reads the fuses of a binary by name; leaves out those that this Electron does not have yet. */
export async function readFuses(binary) {
  const { version, ...wire } = await getCurrentFuseWire(binary)
  if (version !== FuseVersion.V1)
    throw new Error(`${binary} has fuses of version ${version}, not ${FuseVersion.V1}.`)
  return Object.fromEntries(
    Object.entries(wire)
      .filter(([, state]) => state !== undefined)
      .map(([index, state]) => [FuseV1Options[index] ?? `fuse ${index}`, state === FuseState.ENABLE]),
  )
}

/**
 * What to tell @electron/fuses about a binary.
 *
 * @param {readonly string[]} present  the names of the fuses that the binary has
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 * @returns {import('@electron/fuses').FuseConfig}
 * @throws Error if it has one that is not in the table above
 */
export function fuseConfig(present, platform, arch) {
  const unknown = present.filter((name) => !Object.hasOwn(fuses, name))
  if (unknown.length > 0) throw new Error(`Decide in tools/package/fuses.mjs about ${unknown.join(', ')}.`)
  return {
    version: FuseVersion.V1,
    strictlyRequireAllFuses: true,
    // Apple silicon refuses a program that was changed after it was signed, as Electron's own is.
    resetAdHocDarwinSignature: platform === 'darwin' && arch === 'arm64',
    ...Object.fromEntries(present.map((name) => [FuseV1Options[name], fuses[name].on])),
  }
}

/** Sets every fuse that the binary has: see {@link fuseConfig}. */
export async function setFuses(binary, platform, arch) {
  await flipFuses(binary, fuseConfig(Object.keys(await readFuses(binary)), platform, arch))
}
