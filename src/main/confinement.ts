/** Scheme, host and origin of the app's own pages. */
export const appScheme = 'app'
export const appHost = 'studio'
export const appOrigin = `${appScheme}://${appHost}`
/** The manual has an origin of its own, which the app's bridge does not serve. */
export const manualHost = 'manual'
export const manualOrigin = `${appScheme}://${manualHost}`

/** Chromium switches that disable its own uses of the network, none of which the app needs. */
export const networkSilence: Readonly<Record<string, string>> = {
  'disable-background-networking': '',
  'disable-component-update': '',
  'disable-domain-reliability': '',
  'disable-sync': '',
  'no-pings': '',
  'no-proxy-server': '',
  'force-webrtc-ip-handling-policy': 'disable_non_proxied_udp',
  // No name resolves, so a request overlooked elsewhere cannot leave the machine either.
  'host-resolver-rules': 'MAP * ~NOTFOUND',
}

/**
 * What a page of the app may load: its own files, and pictures and films made in memory. Everything else is
 * refused, including inline scripts and styles.
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

/** Whether a page may request `url`: only what is in the app or in memory. */
export function isLocal(url: string, allowDevTools: boolean): boolean {
  const { protocol } = new URL(url)
  return localSchemes.includes(protocol) || (allowDevTools && protocol === 'devtools:')
}
