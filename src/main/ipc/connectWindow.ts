import { ipcMain, type WebContents } from 'electron'
import { requestChannel } from '#shared/channels'
import { toFailure, StudioError } from '#shared/errors'
import type { Router } from './router'
import { isTrustedSender } from './trustedSender'

/** Connects the page in `window`, and nothing else, to the router. */
export function connectWindow(window: WebContents, router: Router): void {
  ipcMain.handle(requestChannel, (event, route: unknown, input: unknown, requestId: unknown) => {
    if (isTrustedSender(event, window)) return router(route, input, requestId)
    return {
      ok: false,
      error: toFailure(new StudioError('BAD_INPUT', 'Only the app’s own window may send requests.')),
    }
  })
}
