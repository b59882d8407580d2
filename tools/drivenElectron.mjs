import { fileURLToPath } from 'node:url'
import { _electron } from '@playwright/test'
import { electronArguments } from './electronRuntime.mjs'

const holdStart = fileURLToPath(new URL('holdStart.cjs', import.meta.url))

/**
 * Starts the app under Playwright. The app waits for Playwright before it creates its window: a window that
 * is being created while Playwright connects may never respond, and `launch` then hangs until it times out.
 *
 * @param {Omit<NonNullable<Parameters<typeof _electron.launch>[0]>, 'args'>} options
 * @param {readonly string[]} args arguments of the app, switches included
 * @param {readonly string[]} modules files that Electron loads before the app
 */
export function launchDriven(options, args, modules = []) {
  const required = [holdStart, ...modules].flatMap((path) => ['-r', path])
  return _electron.launch({ ...options, args: [...required, ...electronArguments(), ...args] })
}
