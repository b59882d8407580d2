import { fork } from 'node:child_process'
import { engineEnvironment } from './environment'
import type { EnginePort, FromEngine } from '#shared/engineMessages'

/**
 * V8's options for engines. An engine's data is outside V8's heap, in arrays that are freed only when the
 * small objects around them are collected. Before its first collection, V8 assumes this many megabytes of
 * live heap; by default, about 60 MB of unused arrays pile up until then. Afterwards it goes by what it finds
 * in use. Electron's engines cannot be given such options.
 */
const heapOptions = ['--initial-old-space-size=1']

/**
 * Starts an engine process under plain Node.
 *
 * @param entry  path of the built entry point, `engine.js` or `probe.js`
 * @param log  receives what the process prints; if left out, its output goes where this process's output goes
 * @param allowTf32  whether NVIDIA's matrix units may round to TF32 in it
 */
export function forkEngine(entry: string, log?: (text: string) => void, allowTf32 = false): EnginePort {
  // It gets a process group of its own: Ctrl-C in a terminal reaches only the parent, which decides what to
  // do with the work.
  const child = fork(entry, {
    execArgv: [...process.execArgv, ...heapOptions],
    serialization: 'advanced',
    detached: true,
    env: engineEnvironment(allowTf32),
    silent: log !== undefined,
  })
  if (log) for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', log)
  return {
    pid: child.pid,
    send(message) {
      if (child.connected) child.send(message)
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromEngine)),
    onExit(listener) {
      // Every message that a dead process was sent fails by an error of its own, and an unheard one ends this process.
      child.on('error', (error) => listener(error.message))
      child.once('exit', (code, signal) => listener(signal ?? `exit code ${code}`))
    },
    kill: () => child.kill('SIGKILL'),
  }
}
