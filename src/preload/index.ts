import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { eventChannel, requestChannel } from '#shared/channels'
import type { Bridge, Events } from '#shared/contract'
import type { Result } from '#shared/errors'

/** Everything that a page of the app can reach outside itself. */
const studio: Bridge = {
  async request(route, input, requestId) {
    try {
      return (await ipcRenderer.invoke(requestChannel, route, input, requestId)) as Result<unknown>
    } catch (error) {
      // A value that cannot be cloned is never sent: the caller's mistake; main cannot report it.
      return { ok: false, error: { code: 'BAD_INPUT', message: `${String(route)}: ${String(error)}` } }
    }
  },
  on(event, listener) {
    const receive = (_event: unknown, name: keyof Events, payload: Events[typeof event]): void => {
      if (name === event) listener(payload)
    }
    ipcRenderer.on(eventChannel, receive)
    return () => void ipcRenderer.off(eventChannel, receive)
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) : ''),
}

contextBridge.exposeInMainWorld('studio', studio)
