import { StudioError } from '#shared/errors'
import { proxyFor } from './hubEnvironment'

/** The request that failed. */
export interface Asked {
  readonly endpoint: string
  readonly repository: string
  readonly revision: string
  /** Whether a token was sent with it. */
  readonly withToken: boolean
}

/** A failure that a retry may overcome, such as a broken connection or a busy server. */
export class TransientError extends Error {
  /**
   * @param failure  what the user is told if retries do not help
   * @param retryAfter  seconds that the server asks to wait
   * @param isUnreachable  whether no connection could be made at all
   */
  constructor(
    readonly failure: StudioError,
    readonly retryAfter: number | null = null,
    readonly isUnreachable = false,
  ) {
    super(failure.message)
  }
}

const busy = new Set([408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524])

/** Turns a response other than a success into an error. */
export function failureOfAnswer(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  asked: Asked,
): StudioError | TransientError {
  const told = headerOf(headers, 'x-error-message')
  const { endpoint, repository } = asked
  const { host } = new URL(endpoint)
  if (busy.has(status)) {
    const seconds = Number(headerOf(headers, 'retry-after'))
    const sentence = `${host} is busy (status ${status}): try again later.`
    return new TransientError(
      new StudioError('DOWNLOAD_FAILED', sentence),
      seconds > 0 && seconds < 600 ? seconds : null,
    )
  }
  if (status === 407) return new StudioError('DOWNLOAD_FAILED', proxyWantsLogin)
  const known = knownRefusal(headerOf(headers, 'x-error-code'), asked)
  if (known) return known
  if (status === 401 || status === 403) return forbidden(asked, told)
  if (status === 404) return notFound(asked)
  return new StudioError(
    'DOWNLOAD_FAILED',
    `${host} refuses to send "${repository}" (status ${status}${told ? `: ${told}` : ''}): look at ${endpoint}/${repository}, or try again later.`,
  )
}

const proxyWantsLogin =
  'The proxy wants a name and a password: put them into its address, HTTPS_PROXY=http://name:password@host:port.'

/** Errors for the refusals that the hub names in the header X-Error-Code. */
function knownRefusal(code: string | null, asked: Asked): StudioError | null {
  const { repository, revision, endpoint, withToken } = asked
  if (code === 'GatedRepo') {
    const page = `${endpoint}/${repository}`
    const token = withToken
      ? 'The account of your token has not been given access yet'
      : 'and give your token in HF_TOKEN or with "hf auth login"'
    const sentence = withToken
      ? `"${repository}" is open only to people who agreed to its terms. ${token}: ask for it on ${page}.`
      : `"${repository}" is open only to people who agreed to its terms: agree on ${page}, ${token}.`
    return new StudioError('FORBIDDEN', sentence)
  }
  if (code === 'RevisionNotFound') {
    return new StudioError(
      'NOT_FOUND',
      `"${repository}" has no branch, tag or commit "${revision}": check its name on ${endpoint}/${repository}.`,
    )
  }
  if (code === 'DisabledRepo') {
    return new StudioError('FORBIDDEN', `The hub has disabled "${repository}": choose another model.`)
  }
  return code === 'RepoNotFound' || code === 'EntryNotFound' ? notFound(asked) : null
}

function forbidden({ repository, withToken, endpoint }: Asked, told: string | null): StudioError {
  const { host } = new URL(endpoint)
  const said = told ? ` (${told.replace(/\.$/, '')})` : ''
  const sentence = withToken
    ? `${host} does not accept your token for "${repository}"${said}: make a new one in your account's settings there, or unset HF_TOKEN.`
    : `${host} does not give "${repository}" to everybody${said}: give your token in HF_TOKEN or with "hf auth login".`
  return new StudioError('FORBIDDEN', sentence)
}

function notFound({ repository, endpoint, withToken }: Asked): StudioError {
  const { host } = new URL(endpoint)
  const closed = withToken
    ? 'your token gives no access to it'
    : 'it is private and needs your token in HF_TOKEN'
  return new StudioError('NOT_FOUND', `${host} has no model "${repository}", or ${closed}: check the id.`)
}

const unreachable = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']) // prettier-ignore
const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/

/** Turns a connection error into a failure. Returns anything else, such as a bug of our own, unchanged. */
export function failureOfConnection(thrown: unknown, url: URL): unknown {
  if (!(thrown instanceof Error) || thrown instanceof StudioError) return thrown
  const { code = '' } = thrown as NodeJS.ErrnoException
  const proxy = proxyFor(url.protocol)?.host ?? null
  if (/^Proxy response \(407\)/.test(thrown.message))
    return new StudioError('DOWNLOAD_FAILED', proxyWantsLogin)
  if (/^Proxy response/.test(thrown.message)) {
    return new StudioError(
      'DOWNLOAD_FAILED',
      `The proxy ${proxy} does not let ${url.host} through (${thrown.message}): ask who runs it.`,
    )
  }
  if (certificate.test(code)) {
    return new StudioError(
      'DOWNLOAD_FAILED',
      `The certificate of ${url.host} is not trusted (${code}). If a company's proxy inspects connections, name its certificate in SSL_CERT_FILE.`,
    )
  }
  if (code === '' || (thrown as NodeJS.ErrnoException).syscall?.match(/^(open|write|ftruncate|fsync)$/))
    return thrown
  const isUnreachable = unreachable.has(code)
  const through = proxy ? ` through the proxy ${proxy}` : ''
  const sentence = isUnreachable
    ? `${url.host} cannot be reached${through} (${code}): check the connection to the internet${proxy ? ' and the proxy' : ', or name a proxy in HTTPS_PROXY'}.`
    : `The connection to ${url.host} broke${through} (${code}): try again later.`
  return new TransientError(new StudioError('DOWNLOAD_FAILED', sentence), null, isUnreachable)
}

/** Returns a header's value, the first if there are several, or null if there is none. */
export function headerOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  name: string,
): string | null {
  const value = headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}
