import { Agent, request } from 'undici'
import { z } from 'zod'
import { readText } from '#files/fileAccess'
import { fileLimits } from '#shared/fileLimits'
import { StudioError } from '#shared/errors'
import type { InferenceServer } from '#shared/inferenceServer'
import { certificateFault, requireCertificate } from './certificates'
import {
  decodeInference,
  encodeInference,
  jsonLengthHeader,
  type Inference,
  type SentTensor,
} from './protocol'

/** A server that does not respond now but may do so later, so the same request is worth retrying. */
export class ServerOutageError extends Error {
  /**
   * @param failure  the error that ends the work if a few attempts in a row get unusable responses such as this one;
   *   null if there was no response, for which the client waits
   * @param isTimeout  whether there was no response within the time limit, which may have been too short
   */
  constructor(
    message: string,
    readonly failure: StudioError | null = null,
    readonly isTimeout = false,
  ) {
    super(message)
  }
}

const tensorInfo = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.union([z.number(), z.string()]).transform(Number)),
})
const modelMetadata = z.looseObject({
  versions: z.array(z.union([z.string(), z.number()]).transform(String)).nullish(),
  inputs: z.array(tensorInfo),
  outputs: z.array(tensorInfo),
})
const serverMetadata = z.looseObject({ name: z.string().default('server'), version: z.string().default('') })

/** A server's description of one tensor; an open dimension is -1. */
export type TensorInfo = z.infer<typeof tensorInfo>

/** A server's description of a model. */
export interface ServedModel {
  /** Name and version of the server software. */
  readonly runtime: string
  /** The version that responds; null if only its answers show it. */
  readonly version: string | null
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

/** The time limit for a server's metadata, in seconds. */
const metadataSeconds = 20

/** Codes of requests that undici refuses to send because of a header: they never reach a server. */
const unsendable = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

/** Status codes that mean: try again later. */
const busy = new Set([408, 425, 429, 502, 503, 504])

/**
 * A client for one model on a server. No other file of the engine uses the network, and this one contacts
 * only that server.
 */
export class ServerClient {
  readonly #root: string
  readonly #model: string
  readonly #headers: Record<string, string>
  #agent: Agent | null = null

  private constructor(
    private readonly server: InferenceServer,
    private readonly ca: string | undefined,
  ) {
    this.#root = server.url.replace(/\/+$/, '')
    const version = server.version === undefined ? '' : `/versions/${encodeURIComponent(server.version)}`
    this.#model = `/v2/models/${encodeURIComponent(server.model)}${version}`
    this.#headers = headersOf(server)
  }

  /**
   * @throws StudioError NOT_FOUND or UNREADABLE for the certificate authority's file; BAD_INPUT if that holds no
   *   certificate, or for a token that cannot be sent
   */
  static async open(server: InferenceServer): Promise<ServerClient> {
    const { ca: path } = server
    const ca = path === undefined ? undefined : await readText(path, fileLimits.certificates)
    if (ca !== undefined) requireCertificate(path!, ca)
    return new ServerClient(server, ca)
  }

  /**
   * Reads the metadata of the server and the model.
   *
   * @throws ServerOutageError if it does not respond or is not ready; StudioError if it has no such model, refuses
   *   the token or does not speak the protocol, or if the header cannot be sent
   */
  async describe(signal?: AbortSignal): Promise<ServedModel> {
    const about = serverMetadata.safeParse(await this.#getJson('/v2', signal)).data
    const parsed = modelMetadata.safeParse(await this.#getJson(this.#model, signal))
    if (!parsed.success) throw this.#failure('does not describe the inputs and outputs of its model')
    const { versions, inputs, outputs } = parsed.data
    const version = this.server.version ?? newestOf(versions ?? [])
    return { runtime: `${about?.name ?? 'server'} ${about?.version ?? ''}`.trim(), version, inputs, outputs }
  }

  /**
   * Evaluates the model once.
   *
   * @param seconds  after which the server counts as hung
   * @throws ServerOutageError if a retry may succeed; StudioError if it would fail again
   */
  async infer(
    inputs: readonly SentTensor[],
    output: string,
    { seconds, signal }: { seconds: number; signal?: AbortSignal },
  ): Promise<Inference> {
    const { body, headers } = encodeInference(inputs, output)
    const answer = await this.#send('POST', `${this.#model}/infer`, { body, headers, seconds, signal })
    const length = answer.headers[jsonLengthHeader]
    try {
      return decodeInference(answer.body, length === undefined ? null : Number(length), output)
    } catch (error) {
      // A truncated response or a proxy's error page may be followed by a good response.
      const { message } = error as Error
      throw new ServerOutageError(message, this.#failure(`${message}: serve it with a server of KServe v2`))
    }
  }

  async close(): Promise<void> {
    const agent = this.#agent
    this.#agent = null
    await agent?.close()
  }

  async #getJson(path: string, signal?: AbortSignal): Promise<unknown> {
    const { body } = await this.#send('GET', path, { seconds: metadataSeconds, signal })
    try {
      return JSON.parse(body.toString('utf8'))
    } catch {
      return null
    }
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    options: { body?: Buffer; headers?: Record<string, string>; seconds: number; signal?: AbortSignal },
  ): Promise<{ body: Buffer; headers: Record<string, string | string[] | undefined> }> {
    const { body, headers, seconds, signal } = options
    const limit = AbortSignal.timeout(Math.ceil(1000 * seconds))
    try {
      const answer = await request(`${this.#root}${path}`, {
        dispatcher: this.#connections(),
        method,
        body,
        headers: { ...this.#headers, ...headers },
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      const bytes = Buffer.from(await answer.body.arrayBuffer())
      if (answer.statusCode === 200) return { body: bytes, headers: answer.headers }
      throw this.#refusal(answer.statusCode, bytes)
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      if (error instanceof StudioError || error instanceof ServerOutageError) throw error
      throw this.#connectionFailure(error, limit.aborted ? seconds : null)
    }
  }

  /** Returns the connections, which work that continues after {@link close} opens again. */
  #connections(): Agent {
    const connect = { ca: this.ca, timeout: 10_000 }
    return (this.#agent ??= new Agent({ connect, headersTimeout: 0, bodyTimeout: 0 }))
  }

  #refusal(status: number, body: Buffer): Error {
    const words = wordsOf(body)
    const answered = `status ${status}${words && `, ${words}`}`
    if (busy.has(status)) return new ServerOutageError(answered)
    // Servers also give this answer if they briefly lack memory, and KServe's if a request does not suit it.
    if (status === 500) {
      const what = `keeps failing (${answered}): check its log, and try again`
      return new ServerOutageError(answered, this.#failure(what, 'SERVER_FAILED'))
    }
    if (status === 401 || status === 403) {
      return new StudioError(
        'FORBIDDEN',
        `The server ${this.server.url} refuses access (status ${status}): give a valid token in its header, or in SLERP_STUDIO_SERVER_TOKEN.`,
      )
    }
    if (status === 413) {
      return this.#failure(
        'rejects requests of this size: raise its limit, or evaluate fewer pictures at once',
      )
    }
    return this.#failure(`answers status ${status}${words && `: ${words}`}`)
  }

  #connectionFailure(error: unknown, timedOutAfter: number | null): Error {
    if (timedOutAfter !== null) {
      return new ServerOutageError(`no answer within ${Math.round(timedOutAfter)} s`, null, true)
    }
    const { code = '', message } = error as NodeJS.ErrnoException
    const { url } = this.server
    if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
      return new StudioError(
        'BAD_INPUT',
        `The server ${url} does not speak https: write its address with http:// instead.`,
      )
    }
    const fault = certificateFault(code)
    if (fault !== null) {
      return new StudioError('FORBIDDEN', `The certificate of ${url} ${fault}.`)
    }
    const [header] = Object.keys(this.#headers)
    if (header !== undefined && unsendable.has(code)) {
      return new StudioError(
        'BAD_INPUT',
        `The header "${header}" cannot be sent to a server (${message}): correct it.`,
      )
    }
    return new ServerOutageError(code || message)
  }

  #failure(what: string, code: 'UNSUPPORTED' | 'SERVER_FAILED' = 'UNSUPPORTED'): StudioError {
    const { url, model } = this.server
    return new StudioError(code, `The server ${url}, asked for "${model}", ${what}.`)
  }
}

/** Returns the version that responds if none is named, the newest; null if the names do not show which it is. */
function newestOf(versions: readonly string[]): string | null {
  if (versions.length === 1) return versions[0]
  const numbers = versions.map(Number)
  return versions[numbers.indexOf(Math.max(...numbers))] ?? null
}

function headersOf({ header }: InferenceServer): Record<string, string> {
  if (header === undefined) {
    const token = readToken()
    return token === null ? {} : { authorization: `Bearer ${token}` }
  }
  const colon = header.indexOf(':')
  return { [header.slice(0, colon).trim()]: header.slice(colon + 1).trim() }
}

/** Reads the token for the server from the environment, where files often add a line break; null for none. */
function readToken(): string | null {
  const token = process.env['SLERP_STUDIO_SERVER_TOKEN']?.trim() ?? ''
  if (/^[\x20-\x7e]*$/.test(token)) return token || null
  throw new StudioError(
    'BAD_INPUT',
    'Your token for the server holds characters that no token has: check SLERP_STUDIO_SERVER_TOKEN.',
  )
}

/** Extracts the server's own message, shortened. */
function wordsOf(body: Buffer): string {
  const text = body.toString('utf8')
  try {
    const { error, detail } = JSON.parse(text) as { error?: unknown; detail?: unknown }
    const words = error ?? detail ?? ''
    return (typeof words === 'string' ? words : JSON.stringify(words)).slice(0, 300)
  } catch {
    return text
      .replaceAll(/<[^>]*>|\s+/g, ' ')
      .trim()
      .slice(0, 120)
  }
}
