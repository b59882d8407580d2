/** A child process's end of its port: the same under Electron's utilityProcess and under child_process.fork. */
import type { FromEngine, ServerPort, ToEngine } from '#shared/engineMessages'

/** The part of Electron's `process.parentPort` used here; child processes import no electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToEngine }) => void): void
  postMessage(message: FromEngine): void
}

/** Opens the port to the parent process. Under plain Node, this process exits when its parent is gone. */
export function openServerPort(): ServerPort {
  // Ctrl-C in a terminal reaches every process started there. The parent decides what happens to the work.
  process.on('SIGINT', () => undefined)
  // A scheduler sends SIGUSR1 to every process of a job, and Node would answer it by opening a debugger's port.
  process.on('SIGUSR1', () => undefined)
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    }
  }
  // Without this, a headless engine would outlive the command that started it.
  process.on('disconnect', () => process.exit())
  return {
    // Sending fails when the parent is gone, which `disconnect` is about to report. Without a callback, the
    // error would be thrown where nobody can catch it.
    send: (message) => process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToEngine)),
  }
}
