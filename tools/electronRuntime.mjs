import { existsSync } from 'node:fs'

/**
 * The Electron binary: the one in `ELECTRON_OVERRIDE_DIST_PATH`, or the package's own, which is downloaded when it is
 * first asked for.
 *
 * @returns {Promise<{ path: string } | { reason: string }>} the reason is one clause: "… could not be had"
 */
export async function findElectron() {
  try {
    const { default: path } = await import('electron')
    return existsSync(path) ? { path } : { reason: `there is no Electron at "${path}"` }
  } catch {
    return { reason: 'Electron could not be downloaded' }
  }
}

/** Whether a window can be shown at all. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/**
 * What Electron is told before the app's own folder: what has to run before it is ready, and, for root, that Chromium's
 * sandbox cannot work.
 *
 * @param {string} root  the project's folder
 */
export function electronArguments(root) {
  const asRoot = process.platform === 'linux' && process.getuid() === 0
  return ['-r', `${root}/out/preload/beforeReady.cjs`, ...(asRoot ? ['--no-sandbox'] : []), root]
}
