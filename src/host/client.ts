import { randomUUID } from 'node:crypto'
import type { EngineState } from '#shared/app'
import type { EngineRouteName, EngineRoutes, RouteInput, RouteOutput } from '#shared/contract'
import type { ErrorCode, Result } from '#shared/errors'
import type { Progress } from '#shared/progress'
import type { ComputeInfo } from '#shared/reports'
import type { EnginePort, FromEngine } from '#shared/engineMessages'
import { createWatchdog, type Watchdog } from './watchdog'

/** What may come with a request. */
export interface RequestOptions {
  readonly requestId?: string
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** How patient a client is with its engine. */
export interface EngineClientOptions {
  /** Seconds of silence, with requests running, after which the engine counts as hung and is killed. */
  readonly stallSeconds?: number
  /** How often one request is sent again after the engine was lost under it. */
  readonly retries?: number
  /** What to ask for instead when the engine was lost under a request; null for the same again. */
  readonly revise?: (input: unknown, cause: string) => Revision | null
}

/** A request changed after the engine was lost under it, and one sentence that tells people how. */
export interface Revision {
  readonly input: unknown
  readonly message: string
}

interface Pending {
  readonly route: EngineRouteName
  input: unknown
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
  readonly settle: (result: Result<unknown>) => void
  retriesLeft: number
}

type StateListener = (state: EngineState) => void

/**
 * The typed way to an engine process: starts it when first asked, and again whenever it was lost. Requests are
 * idempotent (see the contract), so those that were running when the engine was lost are sent again to a fresh one,
 * `retries` times, before they fail with ENGINE_CRASHED or ENGINE_STALLED.
 */
export class EngineClient {
  readonly #spawn: () => EnginePort
  readonly #stallSeconds: number
  readonly #retries: number
  readonly #revise: (input: unknown, cause: string) => Revision | null
  readonly #watchdog: Watchdog
  readonly #pending = new Map<string, Pending>()
  readonly #listeners = new Set<StateListener>()
  #port: EnginePort | null = null
  #stalled = false
  /** What a device failed with, while the engine that used it is being ended. */
  #deviceFailure: string | null = null
  #compute: ComputeInfo | null = null
  #onStopped: (() => void) | null = null

  constructor(
    spawn: () => EnginePort,
    { stallSeconds = 180, retries = 2, revise = () => null }: EngineClientOptions = {},
  ) {
    this.#spawn = spawn
    this.#stallSeconds = stallSeconds
    this.#retries = retries
    this.#revise = revise
    this.#watchdog = createWatchdog(stallSeconds, () => {
      this.#stalled = true
      this.#port?.kill()
    })
  }

  /** Process id of the running engine, if one runs. */
  get pid(): number | undefined {
    return this.#port?.pid
  }

  /** @returns a function that ends the listening */
  onState(listener: StateListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Never rejects: every failure is in the envelope. */
  request<Name extends EngineRouteName>(
    route: Name,
    input: RouteInput<EngineRoutes[Name]>,
    { requestId = randomUUID(), onProgress, signal }: RequestOptions = {},
  ): Promise<Result<RouteOutput<EngineRoutes[Name]>>> {
    if (signal?.aborted) return Promise.resolve(failure('CANCELLED', 'Cancelled before it began.'))
    return new Promise((resolve) => {
      const cancel = (): void => this.#port?.send({ type: 'cancel', id: requestId })
      signal?.addEventListener('abort', cancel, { once: true })
      const settle = (result: Result<unknown>): void => {
        signal?.removeEventListener('abort', cancel)
        // The route's handler, checked against the same table, made this value.
        resolve(result as Result<RouteOutput<EngineRoutes[Name]>>)
      }
      const request = { route, input, onProgress, signal, settle, retriesLeft: this.#retries }
      this.#pending.set(requestId, request)
      this.#send(requestId, request)
    })
  }

  /** Ends the engine process; running requests answer CANCELLED. */
  stop(): Promise<void> {
    const port = this.#port
    if (port === null) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onStopped = resolve
      port.kill()
    })
  }

  #send(id: string, { route, input }: Pending): void {
    this.#port ??= this.#start()
    this.#port.send({ type: 'request', id, route, input })
    this.#watchdog.reset(true)
  }

  #start(): EnginePort {
    const port = this.#spawn()
    port.onMessage((message) => this.#receive(message))
    port.onExit((reason) => {
      if (this.#port === port) this.#lose(reason)
    })
    this.#tell('ready', null)
    return port
  }

  #receive(message: FromEngine): void {
    if (message.type === 'response') this.#take(message.id, message.result)
    if (message.type === 'compute') {
      this.#compute = message.compute
      this.#tell('ready', null)
    }
    if (message.type === 'progress') this.#pending.get(message.id)?.onProgress?.(message.progress)
    this.#watchdog.reset(this.#pending.size > 0)
  }

  /** A device that failed has left its process, with all it holds of the device's memory, in a state to be ended. */
  #take(id: string, result: Result<unknown>): void {
    if (result.ok || result.error.code !== 'DEVICE_FAILED') return this.#settle(id, result)
    this.#deviceFailure = result.error.message
    this.#port?.kill()
  }

  #settle(id: string, result: Result<unknown>): void {
    this.#pending.get(id)?.settle(result)
    this.#pending.delete(id)
  }

  #lose(reason: string): void {
    this.#port = null
    this.#watchdog.reset(false)
    if (this.#onStopped) return this.#finishStop(this.#onStopped)
    const { code, cause } = this.#causeOf(reason)
    const revisions = new Set<string>()
    for (const [id, request] of [...this.#pending]) {
      if (request.signal?.aborted) {
        // A fresh engine would know nothing of the cancel that was lost with this one.
        this.#settle(id, failure('CANCELLED', 'Cancelled.'))
        continue
      }
      const revision = this.#revise(request.input, cause)
      if (revision) {
        request.input = revision.input
        revisions.add(revision.message)
      } else if (request.retriesLeft-- === 0) {
        this.#settle(id, failure(code, `${cause} while at ${request.route}: try again.`))
      }
    }
    if (this.#pending.size === 0) {
      return this.#tell('failed', `${cause}; the next request starts it again.`)
    }
    const again = `${cause}: starting it again and going on with the work.`
    this.#tell('restarting', revisions.size > 0 ? [...revisions].join(' ') : again)
    for (const [id, request] of this.#pending) this.#send(id, request)
  }

  /** Why the engine was lost: a clause without full stop. */
  #causeOf(reason: string): { code: ErrorCode; cause: string } {
    const [stalled, failed] = [this.#stalled, this.#deviceFailure]
    this.#stalled = false
    this.#deviceFailure = null
    if (failed !== null) return { code: 'DEVICE_FAILED', cause: failed }
    if (!stalled)
      return { code: 'ENGINE_CRASHED', cause: `The engine process ended unexpectedly (${reason})` }
    const cause = `The engine process gave no sign of life for ${this.#stallSeconds} s`
    return { code: 'ENGINE_STALLED', cause }
  }

  #finishStop(onStopped: () => void): void {
    this.#onStopped = null
    for (const id of [...this.#pending.keys()]) {
      this.#settle(id, failure('CANCELLED', 'The engine was stopped.'))
    }
    onStopped()
  }

  #tell(state: EngineState['state'], message: string | null): void {
    for (const listener of this.#listeners) listener({ state, message, compute: this.#compute })
  }
}

function failure(code: ErrorCode, message: string): Result<never> {
  return { ok: false, error: { code, message } }
}
