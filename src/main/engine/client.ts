import { randomUUID } from 'node:crypto'
import type { EngineState } from '#shared/app'
import type { EngineRouteName, EngineRoutes, RouteInput, RouteOutput } from '#shared/contract'
import type { ErrorCode, Result } from '#shared/errors'
import type { Progress } from '#shared/reports'
import type { EnginePort, FromEngine } from './messages'
import { createWatchdog, type Watchdog } from './watchdog'

export interface RequestOptions {
  readonly requestId?: string
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

export interface EngineClientOptions {
  /** Seconds of silence, with requests running, after which the engine counts as hung and is killed. */
  readonly stallSeconds?: number
  /** How often one request is sent again after the engine was lost under it. */
  readonly retries?: number
}

interface Pending {
  readonly route: EngineRouteName
  readonly input: unknown
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
  readonly #watchdog: Watchdog
  readonly #pending = new Map<string, Pending>()
  readonly #listeners = new Set<StateListener>()
  #port: EnginePort | null = null
  #stalled = false
  #onStopped: (() => void) | null = null

  constructor(spawn: () => EnginePort, { stallSeconds = 180, retries = 2 }: EngineClientOptions = {}) {
    this.#spawn = spawn
    this.#stallSeconds = stallSeconds
    this.#retries = retries
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
    if (message.type === 'response') this.#settle(message.id, message.result)
    if (message.type === 'progress') this.#pending.get(message.id)?.onProgress?.(message.progress)
    this.#watchdog.reset(this.#pending.size > 0)
  }

  #settle(id: string, result: Result<unknown>): void {
    this.#pending.get(id)?.settle(result)
    this.#pending.delete(id)
  }

  #lose(reason: string): void {
    this.#port = null
    this.#watchdog.reset(false)
    if (this.#onStopped) return this.#finishStop(this.#onStopped)
    const code = this.#stalled ? 'ENGINE_STALLED' : 'ENGINE_CRASHED'
    const what = this.#stalled
      ? `gave no sign of life for ${this.#stallSeconds} s`
      : `ended unexpectedly (${reason})`
    this.#stalled = false
    for (const [id, request] of [...this.#pending]) {
      if (request.signal?.aborted) {
        // A fresh engine would know nothing of the cancel that was lost with this one.
        this.#settle(id, failure('CANCELLED', 'Cancelled.'))
      } else if (request.retriesLeft-- === 0) {
        this.#settle(id, failure(code, `The engine process ${what} while at ${request.route}: try again.`))
      }
    }
    if (this.#pending.size === 0) {
      return this.#tell('failed', `The engine process ${what}; the next request starts it again.`)
    }
    this.#tell('restarting', `The engine process ${what}: starting it again and going on with the work.`)
    for (const [id, request] of this.#pending) this.#send(id, request)
  }

  #finishStop(onStopped: () => void): void {
    this.#onStopped = null
    for (const id of [...this.#pending.keys()]) {
      this.#settle(id, failure('CANCELLED', 'The engine was stopped.'))
    }
    onStopped()
  }

  #tell(state: EngineState['state'], message: string | null): void {
    for (const listener of this.#listeners) listener({ state, message, compute: null })
  }
}

function failure(code: ErrorCode, message: string): Result<never> {
  return { ok: false, error: { code, message } }
}
