import { X509Certificate } from 'node:crypto'
import { StudioError } from '#shared/errors'

/**
 * Refuses a file of a certificate authority that holds no certificate: Node ignores it, and then says that the
 * server is not trusted.
 *
 * @throws StudioError BAD_INPUT
 */
export function requireCertificate(path: string, pem: string): void {
  try {
    new X509Certificate(pem)
  } catch {
    throw new StudioError(
      'BAD_INPUT',
      `"${path}" holds no certificate in PEM format: name the file of the server’s certificate authority.`,
      { path },
    )
  }
}

/**
 * Returns what is wrong with a server's certificate by Node's error code, as the end of a sentence; null if it is
 * something else.
 */
export function certificateFault(code: string): string | null {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'is for another host name: use an address that it names'
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return `is not valid today (${code}): renew it on the server, or correct the date of this machine`
  }
  return /CERT|SIGNATURE|ISSUER/.test(code)
    ? `is not trusted (${code}): serve one of a public authority, or name its authority in Settings, under Server, or with --server-ca on the command line`
    : null
}
