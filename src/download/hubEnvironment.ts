import { rootCertificates } from 'node:tls'
import { readText } from '#files/fileAccess'
import { StudioError } from '#shared/errors'
import { fileLimits } from '#shared/fileLimits'

/** The kinds of proxy that undici can go through. */
const supported = ['http:', 'https:', 'socks5:', 'socks:']

/** A scheme with its slashes: without the slashes, the "localhost:" of localhost:3128 would count as one. */
const scheme = /^[a-z][a-z\d+.-]*:\/\//i

/**
 * Returns the proxy that the environment names for addresses of a protocol, or null. As for curl, one without
 * a scheme is an http:// proxy, and the name in small letters counts first. As for undici, https:// goes
 * through the proxy of http:// if it has none of its own.
 *
 * @throws StudioError BAD_INPUT if it cannot be used
 */
export function proxyFor(protocol: string): URL | null {
  const names = protocol === 'https:' ? ['https_proxy', 'http_proxy'] : ['http_proxy']
  const variable = names.flatMap((name) => [name, name.toUpperCase()]).find((one) => process.env[one])
  if (variable === undefined) return null
  // What the address says is not repeated in messages, because it may hold a password.
  const address = process.env[variable]!.trim()
  const whole = scheme.test(address) ? address : `http://${address}`
  const url = URL.canParse(whole) ? new URL(whole) : null
  if (url === null || url.hostname === '') {
    throw new StudioError(
      'BAD_INPUT',
      `${variable} is no address of a proxy: write it as http://host:port, or unset it.`,
    )
  }
  if (supported.includes(url.protocol)) return url
  throw new StudioError(
    'BAD_INPUT',
    `${variable} names a proxy of the kind ${url.protocol}//, which is not supported: name one of http://, https:// or socks5://, or unset it.`,
  )
}

/**
 * Returns the certificates to trust besides the usual ones, from the file that OpenSSL's SSL_CERT_FILE names.
 * Node's own NODE_EXTRA_CA_CERTS has no effect in an installed app, whose fuses disable Node's variables.
 *
 * @returns null if it is unset or, as for OpenSSL, names no file
 * @throws StudioError BAD_INPUT if it names something that cannot be read
 */
export async function trustedCertificates(): Promise<{ ca: string[] } | null> {
  const path = process.env['SSL_CERT_FILE']
  if (!path) return null
  try {
    return { ca: [...rootCertificates, await readText(path, fileLimits.certificates)] }
  } catch (error) {
    if (!(error instanceof StudioError)) throw error
    if (error.code === 'NOT_FOUND') return null
    const cause = error.data?.['cause']
    // A pipe, for example: only the system's own errors have a cause.
    if (typeof cause !== 'string') throw new StudioError('BAD_INPUT', `SSL_CERT_FILE: ${error.message}`)
    const what = cause === 'EISDIR' ? 'which is a folder' : `which cannot be read (${cause})`
    throw new StudioError(
      'BAD_INPUT',
      `SSL_CERT_FILE is "${path}", ${what}: name a file of PEM certificates, or unset it.`,
    )
  }
}
