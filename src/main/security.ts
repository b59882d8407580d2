import type { App, Session, WebContents } from 'electron'
import { isLocal } from './confinement'

/** Confines every page: no navigation, no redirect, no new window, no guest page. */
export function confinePages(app: App): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
}

function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** The only permission: writing to the clipboard, never reading it. */
const granted = 'clipboard-sanitized-write'

/** Refuses every other permission, every device and download, and every request that would leave the app. */
export function hardenSession(session: Session, allowDevTools: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === granted))
  session.setPermissionCheckHandler((_contents, permission) => permission === granted)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  // Even when disabled, it would download the dictionary of the system's language.
  session.setSpellCheckerLanguages([])
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isLocal(url, allowDevTools) }))
}
