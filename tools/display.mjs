import { spawnSync } from 'node:child_process'
import { hasDisplay } from './electronRuntime.mjs'

const onPath = (program) => spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined

// Without -noreset the X server starts afresh when its last client has left, and refuses the next
// one in that moment; journeys start one app after another.
const server = '-screen 0 1920x1200x24 -noreset'

/** Returns the command to prefix to another to give it a display, or null if there is none. */
export function displayCommand() {
  if (hasDisplay()) return []
  return onPath('xvfb-run') ? ['xvfb-run', '-a', '-s', server] : null
}
