import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Asks the electron package for its binary in a separate process: a failed download there prints pages. */
function askPackage() {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--print', "require('electron')"], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      if (output === '' && String(chunk).startsWith('Downloading'))
        console.error('Downloading Electron, once …')
      output += chunk
    })
    child.on('close', (code) => resolve(code === 0 ? output.trim().split('\n').at(-1) : null))
  })
}

/**
 * Finds the Electron binary: the one in `ELECTRON_OVERRIDE_DIST_PATH`, or the package's own, which is
 * downloaded when first needed.
 *
 * @returns {Promise<{ path: string } | { reason: string }>} the reason is a clause: "No window, because …"
 */
export async function findElectron() {
  const path = await askPackage()
  if (path === null) return { reason: 'Electron could not be downloaded' }
  return existsSync(path) ? { path } : { reason: `there is no Electron at "${path}"` }
}

/** Whether a window can be shown. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Set to 1 by Ubuntu 23.10 and later: only programs with an AppArmor profile may make user namespaces. */
const restrictionFile = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'

/**
 * Says why Chromium's sandbox probably cannot start, which ends Electron before it shows anything. The sandbox
 * needs either user namespaces or its helper, `chrome-sandbox`, to run as root; root needs neither, as it runs
 * without a sandbox. An AppArmor profile of this Electron, which may allow namespaces, cannot be seen from here.
 *
 * @param {object} system
 * @param {number | undefined} system.user  the id of the user
 * @param {string | null} system.profile  the AppArmor profile of this process, which Electron inherits; that of
 *   a terminal such as VS Code's may allow namespaces; null if it cannot be read
 * @param {Record<string, string | undefined>} system.environment
 * @param {string | null} system.restriction  the content of {@link restrictionFile}; null if it is not there
 * @param {{ path: string, owner: number, mode: number } | null} system.helper  null if it is not there
 * @returns {string | null} a clause with what to do: "No window, because …"; null if nothing is in the way
 */
export function sandboxObstacle({ user, profile, environment, restriction, helper }) {
  if (user === 0 || restriction?.trim() !== '1' || helper === null) return null
  if (profile !== null && profile.trim() !== 'unconfined') return null
  // The first switches the sandbox off, the second names another helper.
  if ('ELECTRON_DISABLE_SANDBOX' in environment || environment.CHROME_DEVEL_SANDBOX) return null
  if (helper.owner === 0 && (helper.mode & 0o7777) === 0o4755) return null
  const mend = `sudo chown root "${helper.path}" && sudo chmod 4755 "${helper.path}"`
  return `this system keeps Chromium’s sandbox from programs that are not installed (install the .deb, or run: ${mend})`
}

/** Returns the text of a file of the system's, or null if it is missing or, as a module's that is off, unreadable. */
function readIfPossible(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/** {@link sandboxObstacle} of an Electron on this system. */
export function sandboxObstacleOf(electron) {
  if (process.platform !== 'linux') return null
  const path = join(dirname(electron), 'chrome-sandbox')
  const { uid: owner, mode } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return sandboxObstacle({
    user: process.getuid(),
    profile: readIfPossible('/proc/self/attr/current'),
    environment: process.env,
    restriction: readIfPossible(restrictionFile),
    helper: mode === undefined ? null : { path, owner, mode },
  })
}

/**
 * Whether a program ended as Electron does if Chromium's sandbox cannot start: by a crash, and at once.
 *
 * @param {string | null} signal  what ended it
 * @param {number} milliseconds  how long it ran
 */
export function crashedAtOnce(signal, milliseconds) {
  return ['SIGTRAP', 'SIGILL', 'SIGABRT', 'SIGSEGV'].includes(signal) && milliseconds < 20_000
}

/**
 * Arguments for Electron: the module to load before it is ready, `--no-sandbox` for root (under which
 * Chromium's sandbox does not work), and the app's folder.
 */
export function electronArguments() {
  const asRoot = process.platform === 'linux' && process.getuid() === 0
  return ['-r', join(root, 'out/preload/beforeReady.cjs'), ...(asRoot ? ['--no-sandbox'] : []), root]
}
