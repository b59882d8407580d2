import type { App, Session, WebContents } from 'electron'

/** Chromium's own reasons to use the network, each of which the app has no use for. */
const quietSwitches = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-sync',
  'no-pings',
  'no-proxy-server',
]

/** Sandboxes every page and silences Chromium's own traffic. Must run before the app is ready. */
export function hardenApp(app: App): void {
  app.enableSandbox()
  for (const name of quietSwitches) app.commandLine.appendSwitch(name)
  // No name resolves, so whatever was overlooked here cannot leave the machine either.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  app.commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp')
  app.on('web-contents-created', (_event, contents) => confine(contents))
}

/** Keeps a page where it is: no navigation, no redirect, no new window, no guest page. */
function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-frame-navigate', (event) => event.preventDefault())
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** Whether a page may ask for `url` at all: only what is in the app or in memory. */
export function isLocal(url: string, allowDevTools: boolean): boolean {
  const { protocol } = new URL(url)
  return ['app:', 'blob:', 'data:'].includes(protocol) || (allowDevTools && protocol === 'devtools:')
}

/** Refuses every permission, device, download and every request that would leave the app. */
export function hardenSession(session: Session, allowDevTools: boolean): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.setSpellCheckerEnabled(false)
  session.on('will-download', (event) => event.preventDefault())
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !isLocal(url, allowDevTools) }))
}
