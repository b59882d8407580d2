import { spawnSync } from 'node:child_process'
import { hasDisplay } from './electronRuntime.mjs'

const onPath = (program) => spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined

/** Returns the command to prefix to another to give it a display, or null if there is none. */
export function displayCommand() {
  if (hasDisplay()) return []
  return onPath('xvfb-run') ? ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24'] : null
}
