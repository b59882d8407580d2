import { spawnSync } from 'node:child_process'
import { hasDisplay } from './electronRuntime.mjs'

const onPath = (program) => spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined

/** The command to put before another for a display, or null when there is none to be had. */
export function displayCommand() {
  if (hasDisplay()) return []
  return onPath('xvfb-run') ? ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24'] : null
}
