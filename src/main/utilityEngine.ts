import { utilityProcess } from 'electron'
import { engineEnvironment } from '#host/environment'
import type { EnginePort, FromEngine } from '#shared/engineMessages'

/**
 * Starts an engine process under Electron.
 *
 * @param entry  path of the built entry, `engine.js` or `probe.js`
 * @param log  receives what the process prints, above all the last words of a native library that crashed
 * @param allowTf32  whether NVIDIA's matrix units may round to TF32
 */
export function forkUtilityEngine(
  entry: string,
  log: (text: string) => void,
  allowTf32: boolean,
  serviceName = 'slerp-engine',
): EnginePort {
  const child = utilityProcess.fork(entry, [], {
    serviceName,
    stdio: 'pipe',
    env: engineEnvironment(allowTf32),
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', log)
  }
  return {
    get pid() {
      return child.pid
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', (message: FromEngine) => listener(message)),
    onExit: (listener) => child.once('exit', (code) => listener(`exit code ${code}`)),
    kill() {
      if (child.pid === undefined) child.kill()
      else killProcess(child.pid)
    },
  }
}

/** The child's own kill() sends SIGTERM, which a process stuck in a native call does not handle. */
function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already, and its exit event will follow.
  }
}
