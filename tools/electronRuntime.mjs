import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
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

/**
 * Arguments for Electron: the module to load before it is ready, `--no-sandbox` for root (under which
 * Chromium's sandbox does not work), and the app's folder.
 */
export function electronArguments() {
  const asRoot = process.platform === 'linux' && process.getuid() === 0
  return ['-r', join(root, 'out/preload/beforeReady.cjs'), ...(asRoot ? ['--no-sandbox'] : []), root]
}
