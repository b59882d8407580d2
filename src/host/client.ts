import { randomUUID } from 'node:crypto'
import type { EngineState } from '#shared/app'
import type { EngineRouteName, EngineRoutes, RouteInput, RouteOutput } from '#shared/contract'
import type { ErrorCode, Result } from '#shared/errors'
import type { Progress } from '#shared/progress'
import type { ComputeInfo } from '#shared/reports'
import type { EnginePort, FromEngine } from '#shared/engineMessages'
import type { EngineClientOptions, RequestOptions } from './clientOptions'
import { discardUnfinished } from './discardUnfinished'
import { describeLoss, type Ending, type Loss, type LostRequest, type Refusal } from './engineLoss'
import { isGivenUp, type Suspicion, type Tries } from './retryLimits'
import { engineMemoryLimit, heldBytesOf } from './engineMemory'
import { isOnServer } from './reviseRequest'
import { evaluationAfter, type RunningEvaluation } from './runningEvaluation'
import { createWatchdog, type Watchdog } from './watchdog'

interface Pending extends LostRequest, Tries {
  input: unknown
  losses: number
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
  readonly settle: (result: Result<unknown>) => void
}

/** How often the engine's memory is checked, in milliseconds. */
const memoryInterval = 500

type StateListener = (state: EngineState) => void

/**
 * The typed interface to an engine process. Starts it on first use, and again whenever it is lost. Requests
 * are idempotent (see the contract), so those that were running when the engine was lost are sent again to a
 * fresh one, up to `retries` times, before they fail with ENGINE_CRASHED or ENGINE_STALLED. One whose server is
 * given up is sent again to the same engine.
 */
export class EngineClient {
  readonly #spawn: () => EnginePort
  readonly #options: Required<EngineClientOptions>
  readonly #watchdog: Watchdog
  readonly #pending = new Map<string, Pending>()
  readonly #listeners = new Set<StateListener>()
  #port: EnginePort | null = null
  #memoryTimer: NodeJS.Timeout | undefined
  /** Why the engine is being killed. */
  #ending: Ending | null = null
  #compute: ComputeInfo | null = null
  #onStopped: (() => void) | null = null
  #evaluating: RunningEvaluation | null = null

  constructor(spawn: () => EnginePort, options: EngineClientOptions = {}) {
    this.#spawn = spawn
    this.#options = {
      stallSeconds: 180,
      cancelSeconds: 2.5,
      memoryLimit: engineMemoryLimit(),
      retries: 2,
      revise: () => null,
      ...options,
    }
    this.#watchdog = createWatchdog((seconds) => this.#end({ kind: 'stalled', seconds }))
  }

  /** Process id of the running engine, if there is one. */
  get pid(): number | undefined {
    return this.#port?.pid
  }

  /** @returns a function that removes the listener */
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
      let patience: NodeJS.Timeout | undefined
      const waitForAnswer = (): void => {
        patience = setTimeout(() => {
          // This was lost with the engine that was asked: the next one does not know of it.
          if (!this.#pending.has(requestId)) return
          if (this.#evaluatesForOthers()) waitForAnswer()
          else this.#end({ kind: 'deaf' })
        }, 1000 * this.#options.cancelSeconds)
      }
      const cancel = (): void => {
        this.#port?.send({ type: 'cancel', id: requestId })
        waitForAnswer()
      }
      signal?.addEventListener('abort', cancel, { once: true })
      const settle = (result: Result<unknown>): void => {
        clearTimeout(patience)
        signal?.removeEventListener('abort', cancel)
        // The route's handler, checked against the same table, made this value.
        resolve(result as Result<RouteOutput<EngineRoutes[Name]>>)
      }
      const counted = { losses: 0, retriesLeft: this.#options.retries, isSuspect: false }
      const request = { route, input, onProgress, signal, settle, ...counted }
      this.#pending.set(requestId, request)
      this.#send(requestId, request)
    })
  }

  /** Ends the engine process; running requests respond with CANCELLED. */
  stop(): Promise<void> {
    const port = this.#port
    if (port === null) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onStopped = resolve
      port.kill()
    })
  }

  /**
   * Whether the engine evaluates for a request that nobody cancelled. It cannot receive a cancel during the
   * evaluation, and ending it would lose that request's work, so only the watchdog may do so. An evaluation cannot
   * be interrupted, and some never end, so one that nobody wants is not waited for.
   */
  #evaluatesForOthers(): boolean {
    const request = this.#pending.get(this.#evaluating?.id ?? '')
    return request !== undefined && !request.signal?.aborted
  }

  #send(id: string, { route, input }: Pending): void {
    this.#port ??= this.#start()
    this.#port.send({ type: 'request', id, route, input })
    this.#watchdog.reset(this.#options.stallSeconds)
  }

  #end(ending: Ending): void {
    if (this.#port === null) return
    this.#ending = ending
    this.#port.kill()
  }

  #start(): EnginePort {
    const port = this.#spawn()
    port.onMessage((message) => this.#receive(message))
    port.onExit((reason) => {
      if (this.#port === port) this.#lose(reason)
    })
    this.#memoryTimer = setInterval(() => this.#checkMemory(heldBytesOf(port.pid)), memoryInterval)
    this.#memoryTimer.unref()
    this.#tell('ready', null)
    return port
  }

  #checkMemory(bytes: number | null): void {
    const { memoryLimit } = this.#options
    if (bytes !== null && bytes > memoryLimit) this.#end({ kind: 'memory', limit: memoryLimit })
  }

  #receive(message: FromEngine): void {
    if (message.type === 'response') this.#take(message.id, message.result)
    if (message.type === 'compute') {
      this.#compute = message.compute
      this.#tell('ready', null)
    }
    if (message.type === 'notice') this.#tell('ready', message.sentence)
    if (message.type === 'progress') this.#pending.get(message.id)?.onProgress?.(message.progress)
    if (message.type === 'alive') this.#checkMemory(message.heldBytes)
    this.#evaluating = evaluationAfter(message, this.#evaluating)
    const patience = this.#evaluating?.seconds ?? this.#options.stallSeconds
    this.#watchdog.reset(this.#pending.size > 0 ? patience : null)
  }

  /** A device failure leaves the process untrustworthy and holding the device's memory, so it is killed. */
  #take(id: string, result: Result<unknown>): void {
    if (result.ok || result.error.code !== 'DEVICE_FAILED') return this.#settle(id, result)
    const request = this.#pending.get(id)
    if (request && isOnServer(request)) this.#moveOn(id, request, result.error.message)
    else this.#end({ kind: 'device', id, message: result.error.message })
  }

  /** Continues a request whose server was given up, beside the other work of the process. */
  #moveOn(id: string, request: Pending, cause: string): void {
    if (request.signal?.aborted) return this.#settleCancelled(id, request)
    const revision = this.#options.revise(request, { cause, failed: request, running: [request] })
    if (!revision || !('input' in revision)) {
      const refusal = revision ?? { code: 'SERVER_FAILED', advice: 'try again' }
      return this.#settle(id, failureDuring(request, refusal, cause))
    }
    request.input = revision.input
    this.#tell('ready', revision.message)
    this.#send(id, request)
  }

  #settle(id: string, result: Result<unknown>): void {
    this.#pending.get(id)?.settle(result)
    this.#pending.delete(id)
  }

  #lose(reason: string): void {
    this.#port = null
    this.#evaluating = null
    this.#watchdog.reset(null)
    clearInterval(this.#memoryTimer)
    const ending = this.#ending
    this.#ending = null
    if (this.#onStopped) return this.#finishStop(this.#onStopped)
    const loss = describeLoss(ending, reason)
    const failed = (ending?.kind === 'device' && this.#pending.get(ending.id)) || null
    // Counted before any of them is settled: a cancelled one may have brought the engine down.
    const wasAlone = this.#pending.size === 1
    for (const [id, request] of [...this.#pending]) {
      if (request.signal?.aborted) this.#settleCancelled(id, request)
    }
    this.#goOn(loss, this.#reviseAll(ending, loss, { failed, wasAlone }))
  }

  /**
   * Ends a cancelled request instead of sending it again: its cancel reached only the engine that was running then.
   */
  #settleCancelled(id: string, request: Pending): void {
    this.#pending.delete(id)
    void discardUnfinished(request).then(() => request.settle(failure('CANCELLED', 'Cancelled.')))
  }

  /** Changes requests, or gives them up, after a loss; returns what to tell the user about it. */
  #reviseAll(ending: Ending | null, loss: Loss, { failed, wasAlone }: Suspicion): ReadonlySet<string> {
    const messages = new Set<string>()
    const running = [...this.#pending.values()]
    running.forEach((request) => request.losses++)
    // An engine that did not stop when cancelled says nothing about the other requests.
    const revise = ending?.kind === 'deaf' ? () => null : this.#options.revise
    // All are decided on before any is changed, because what becomes of one depends on the others.
    const revisions = running.map((request) => revise(request, { cause: loss.cause, failed, running }))
    for (const [i, [id, request]] of [...this.#pending].entries()) {
      const revision = revisions[i]
      if (revision && 'input' in revision) {
        request.input = revision.input
        if (revision.message !== null) messages.add(revision.message)
      } else if (revision || isGivenUp(request, ending, { failed, wasAlone })) {
        this.#settle(id, failureDuring(request, revision ?? loss, loss.cause))
      }
    }
    return messages
  }

  /** Sends the remaining requests to a fresh engine. */
  #goOn({ cause }: Loss, messages: ReadonlySet<string>): void {
    if (this.#pending.size === 0) {
      return this.#tell('failed', `${cause}; the next request starts it again.`)
    }
    const again = `${cause}. It was restarted, and your work continues.`
    this.#tell('restarting', messages.size > 0 ? [...messages].join(' ') : again)
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
    for (const listener of this.#listeners) listener({ state, message, compute: this.#compute })
  }
}

function failure(code: ErrorCode, message: string): Result<never> {
  return { ok: false, error: { code, message } }
}

function failureDuring({ route }: LostRequest, { code, advice }: Refusal, cause: string): Result<never> {
  return failure(code, `${cause} during ${route}: ${advice}.`)
}
