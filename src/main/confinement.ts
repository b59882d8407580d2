/** Scheme and host of the app's own pages. */
export const appScheme = 'app'
export const appHost = 'studio'
export const appOrigin = `${appScheme}://${appHost}`
/** The manual has an origin of its own, for which the app's bridge is out of reach. */
export const manualHost = 'manual'
export const manualOrigin = `${appScheme}://${manualHost}`

/** Chromium's switches against its own reasons to use the network, each of which the app has no use for. */
export const networkSilence: Readonly<Record<string, string>> = {
  'disable-background-networking': '',
  'disable-component-update': '',
  'disable-domain-reliability': '',
  'disable-sync': '',
  'no-pings': '',
  'no-proxy-server': '',
  'force-webrtc-ip-handling-policy': 'disable_non_proxied_udp',
  // No name resolves, so whatever was overlooked elsewhere cannot leave the machine either.
  'host-resolver-rules': 'MAP * ~NOTFOUND',
}

/**
 * What a page of the app may load: its own files, and pictures and films it made in memory. Everything not named is
 * refused, scripts and styles inside the document among it.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

const localSchemes = [`${appScheme}:`, 'blob:', 'data:']

/** Whether a page may ask for `url` at all: only for what is in the app or in memory. */
export function isLocal(url: string, allowDevTools: boolean): boolean {
  const { protocol } = new URL(url)
  return localSchemes.includes(protocol) || (allowDevTools && protocol === 'devtools:')
}
