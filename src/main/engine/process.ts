/** Entry of the engine process: the same file under Electron's utilityProcess and under child_process.fork. */
import { createEngineHandlers } from './handlers'
import type { FromEngine, ServerPort, ToEngine } from './messages'
import { serve } from './serve'

/** The part of Electron's `process.parentPort` used here; the engine itself imports no electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: ToEngine }) => void): void
  postMessage(message: FromEngine): void
}

function openServerPort(): ServerPort {
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
    send: (message) => process.send?.(message),
    onMessage: (listener) => process.on('message', (message) => listener(message as ToEngine)),
  }
}

serve(openServerPort(), createEngineHandlers())
