import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici'
import { StudioError } from '#shared/errors'
import { proxyFor, trustedCertificates } from './hubEnvironment'
import { failureOfAnswer, failureOfConnection, headerOf, type Asked } from './hubFailure'

/** A connection to a hub. */
export interface Hub {
  /** Without a trailing slash. */
  readonly endpoint: string
  /** Sent only to the endpoint, never to the target of a redirect. */
  readonly token: string | null
  readonly dispatcher: Dispatcher
}

/**
 * Opens a connection to a hub, through the proxy named by HTTPS_PROXY and the like. Close it after use.
 *
 * @throws StudioError BAD_INPUT for a variable that cannot be followed
 */
export async function openHub(
  endpoint: string,
  token: string | null,
  stallMilliseconds: number,
): Promise<Hub> {
  const trust = await trustedCertificates()
  const dispatcher = new EnvHttpProxyAgent({
    // Empty rather than undefined, with which the agent would read the variables by itself.
    httpProxy: proxyFor('http:')?.href ?? '',
    httpsProxy: proxyFor('https:')?.href ?? '',
    connect: { timeout: Math.min(stallMilliseconds, 15_000), ...trust },
    // Through a proxy, the hub's and the proxy's certificates are checked against these options instead.
    ...(trust && { requestTls: trust, proxyTls: trust }),
    headersTimeout: stallMilliseconds,
    bodyTimeout: stallMilliseconds,
  })
  return { endpoint, token, dispatcher }
}

/** A successful response whose body is still to be read. */
export interface Answer {
  readonly status: number
  readonly body: Dispatcher.ResponseData['body']
  header(name: string): string | null
  /** A header sent by the hub itself, before it redirected to where the bytes are. */
  hubHeader(name: string): string | null
}

const mostRedirects = 10
const redirects = new Set([301, 302, 303, 307, 308])

/**
 * Requests a path of the hub and follows redirects.
 *
 * @param from  first byte wanted
 * @throws StudioError FORBIDDEN, NOT_FOUND or DOWNLOAD_FAILED; TransientError
 */
export async function get(hub: Hub, path: string, asked: Asked, from = 0): Promise<Answer> {
  let url = new URL(hub.endpoint + path)
  const { origin } = url
  let hubHeaders: Dispatcher.ResponseData['headers'] = {}
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const isHub = url.origin === origin
    const { statusCode, headers, body } = await requestOnce(hub, url, isHub, from)
    if (isHub) hubHeaders = { ...hubHeaders, ...headers }
    if (redirects.has(statusCode)) {
      await body.dump()
      url = nextAddress(url, headerOf(headers, 'location'))
      continue
    }
    if (statusCode !== 200 && statusCode !== 206) {
      await body.dump()
      throw failureOfAnswer(statusCode, headers, asked)
    }
    // A body abandoned early emits an error, which nobody would handle.
    body.on('error', () => undefined)
    return {
      status: statusCode,
      body,
      header: (name) => headerOf(headers, name),
      hubHeader: (name) => headerOf(hubHeaders, name),
    }
  }
  throw new StudioError(
    'DOWNLOAD_FAILED',
    `${new URL(hub.endpoint).host} redirects requests in a circle: try again later, or check HF_ENDPOINT.`,
  )
}

async function requestOnce(hub: Hub, url: URL, isHub: boolean, from: number) {
  try {
    return await request(url, {
      dispatcher: hub.dispatcher,
      headers: {
        'user-agent': 'slerp-studio',
        // With compression, bytes could not be counted, so downloads could not be resumed.
        'accept-encoding': 'identity',
        ...(isHub && hub.token !== null && { authorization: `Bearer ${hub.token}` }),
        ...(from > 0 && { range: `bytes=${from}-` }),
      },
    })
  } catch (error) {
    throw failureOfConnection(error, url)
  }
}

function nextAddress(url: URL, location: string | null): URL {
  const next = location !== null && URL.canParse(location, url) ? new URL(location, url) : null
  const isSafe = next?.protocol === 'https:' || (next?.protocol === 'http:' && url.protocol === 'http:')
  if (next && isSafe) return next
  throw new StudioError(
    'DOWNLOAD_FAILED',
    `${url.host} leads to an address that is not followed: ${location}`,
  )
}

/** Size limit of a JSON response, in bytes. Configurations and file lists are far smaller. */
const longestJson = 2 ** 25

/**
 * Requests JSON.
 *
 * @throws as {@link get}; StudioError DOWNLOAD_FAILED for a response that is not JSON
 */
export async function getJson(
  hub: Hub,
  path: string,
  asked: Asked,
): Promise<{ json: unknown; answer: Answer }> {
  const answer = await get(hub, path, asked)
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      pieces.push(piece)
      if ((length += piece.length) > longestJson) break
    }
  } catch (error) {
    throw failureOfConnection(error, new URL(hub.endpoint))
  }
  try {
    return { json: JSON.parse(Buffer.concat(pieces).toString('utf8')), answer }
  } catch {
    const { host } = new URL(hub.endpoint)
    throw new StudioError(
      'DOWNLOAD_FAILED',
      `What answers for ${host} is no model hub: the login page of a network, or a proxy, may be in between. Open ${hub.endpoint} in a browser.`,
    )
  }
}
