import { fork } from 'node:child_process'
import type { EnginePort, FromEngine } from './messages'

/**
 * Starts an engine process under plain Node.
 *
 * @param entry  path of the built engine entry, `engine.js`
 */
export function forkEngine(entry: string): EnginePort {
  // A process group of its own: Ctrl-C in a terminal reaches the parent only, which decides what to do with the work.
  const child = fork(entry, { serialization: 'advanced', detached: true })
  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message)
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromEngine)),
    onExit(listener) {
      child.once('error', (error) => listener(error.message))
      child.once('exit', (code, signal) => listener(signal ?? `exit code ${code}`))
    },
    kill: () => child.kill('SIGKILL'),
  }
}
