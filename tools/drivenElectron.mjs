import { fileURLToPath } from 'node:url'
import { _electron } from '@playwright/test'
import { electronArguments } from './electronRuntime.mjs'

const holdStart = fileURLToPath(new URL('holdStart.cjs', import.meta.url))

/**
 * Starts the app under Playwright. The app waits for Playwright before it makes its window: a window that is just being
 * made while Playwright connects may never answer it, and `launch` then hangs until its time is over.
 *
 * @param {Omit<NonNullable<Parameters<typeof _electron.launch>[0]>, 'args'>} options
 * @param {readonly string[]} args what the app is told, switches included
 * @param {readonly string[]} modules files that Electron loads before the app
 */
export async function launchDriven(options, args, modules = []) {
  const required = [holdStart, ...modules].flatMap((path) => ['-r', path])
  const app = await _electron.launch({ ...options, args: [...required, ...electronArguments(), ...args] })
  await app.evaluate(() => globalThis.letStart())
  return app
}
