/** The engine's end of its port: the same under Electron's utilityProcess and under child_process.fork. */
import type { FromEngine, ServerPort, ToEngine } from '#shared/engineMessages'

/** The part of Electron's `process.parentPort` used here; the engine itself imports no electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToEngine }) => void): void
  postMessage(message: FromEngine): void
}

/** Opens the way to the process that started this one. Under plain Node, this process ends when that one is gone. */
export function openServerPort(): ServerPort {
  // Ctrl-C in a terminal reaches every process that was started there. The parent decides what becomes of the work.
  process.on('SIGINT', () => undefined)
  const { parentPort } = process as { parentPort?: ParentPort }
  if (parentPort) {
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
    }
  }
  // A parent that is gone wants no more answers; without this a headless engine would outlive its command.
  process.on('disconnect', () => process.exit())
  return {
    // A failure to send means that the parent is gone, which `disconnect` is about to say; without a callback it would
    // be thrown where nobody can catch it.
    send: (message) => process.send?.(message, undefined, undefined, () => undefined),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToEngine)),
  }
}
