import { setTimeout } from 'node:timers/promises'
import { itemsOf, createTensor, type Tensor } from '#core/diffusion/tensor'
import { tolerances } from '#shared/devices'
import { StudioError } from '#shared/errors'
import type { InferenceServer } from '#shared/inferenceServer'
import { conditionOfItems } from '../network/condition'
import type { Network, NetworkInputs, Watch } from '../network/Network'
import { type Turns, undisputed } from '../network/Turns'
import { bindModel, type BoundModel, type ShownInputs } from './bindModel'
import { type ServerClient, ServerOutageError } from './ServerClient'

/** Concurrent requests, which keep several instances of a server, or several servers at one address, busy. */
const inFlight = 4

/** Triton limits a request's body to 64 MiB; the rest is for its header. */
const bodyBytes = 63 * 2 ** 20

/** Seconds before a request is retried, increasing. */
const [firstPause, longestPause] = [0.25, 5]

/**
 * The number of consecutive failures after which the CPU takes over, if allowed, and of consecutive unusable
 * responses after which they become an error.
 */
const patience = 4

/**
 * The time limit of a request, in seconds: its minimum, its value for the first request, and its factor over the
 * time that as many items take at the slowest pace so far. It doubles with each time-out of an evaluation, up to its
 * maximum.
 */
const [leastLimit, firstLimit, limitFactor, mostLimit] = [20, 120, 20, 3600]

/** The number of failures that are not reported, because they may be hiccups. */
const unreported = 1

/** The parts of a remote network. */
export interface RemoteNetworkOptions {
  readonly server: InferenceServer
  readonly client: ServerClient
  readonly bound: BoundModel
  readonly shown: ShownInputs
  /** The same network on this machine's CPU: the server's results are used only once they agree with it. */
  readonly reference: Network
  /** The turns of this machine, in which the reference is evaluated. */
  readonly turns: Turns
  /** Called when another version or precision answers: the model has to be opened again. */
  readonly onReplaced?: () => void
}

/** What the attempts at one batch have brought so far. */
interface Progress {
  /** Whether each item is answered; the answers are in the output already. */
  readonly isAnswered: boolean[]
  /** An answered item of each attempt that failed before any of its answers was compared with the CPU's. */
  readonly uncompared: number[]
}

/**
 * A network that a server evaluates. A step is a pure function of what is sent, so a failed request is
 * retried until the server is back; its first results are then checked against the CPU. What it had answered of the
 * batch is kept.
 */
export class RemoteNetwork implements Network {
  readonly outputChannels: number
  #bound: BoundModel | null
  #isVerified = false
  /** The version that the work was begun with; null until the server has named it. */
  #version: string | null
  /** Whether the last attempt was answered by another version. */
  #wasOtherVersion = false
  /** Whether the last failure was an unusable answer; otherwise the server may be busy or starting again. */
  #hasAnswered = true
  /** The slowest pace so far, in seconds per item. */
  #slowest: number | null = null
  /**
   * The most time-outs of any one evaluation since the last answer; those of evaluations that wait at the same time
   * are not added up.
   */
  #timeouts = 0

  constructor(private readonly options: RemoteNetworkOptions) {
    this.outputChannels = options.reference.outputChannels
    this.#bound = options.bound
    this.#version = options.bound.version
  }

  /** Returns the whole batch: it is split into requests below, so that several can run at once. */
  sliceOf(batch: number): number {
    return batch
  }

  groupOf(batch: number): number {
    return batch
  }

  async evaluate(inputs: NetworkInputs, out: Tensor, watch: Watch = {}): Promise<void> {
    let unusable = 0
    let timeouts = 0
    const isAnswered = Array<boolean>(inputs.sample.shape[0]).fill(false)
    const progress: Progress = { isAnswered, uncompared: [] }
    for (let failures = 0; ; failures++) {
      try {
        await this.#evaluateOnce(inputs, out, progress, watch)
        if (failures > unreported) watch.onNotice?.(`${this.#name} answers again.`)
        return
      } catch (error) {
        if (!(error instanceof ServerOutageError)) throw error
        if (error.isTimeout) this.#timeouts = Math.max(this.#timeouts, ++timeouts)
        unusable = error.failure === null ? 0 : unusable + 1
        await this.#outlive(error, { failures, unusable }, watch)
      }
    }
  }

  deviceFailure(what: string): StudioError {
    return new StudioError('SERVER_FAILED', `${this.#name} failed (${what}).`)
  }

  async close(): Promise<void> {
    await Promise.all([this.options.client.close(), this.options.reference.close()])
  }

  get #name(): string {
    const { url, model } = this.options.server
    return `The server ${url} ("${model}")`
  }

  /**
   * Waits before the next attempt, without keeping the turn, and reports the wait if it is more than a hiccup.
   *
   * @param counted  the failures before this one, and the unusable responses in a row, this one included
   */
  async #outlive(
    { message, failure }: ServerOutageError,
    { failures, unusable }: { failures: number; unusable: number },
    { signal, onNotice, pause = (wait) => wait }: Watch,
  ): Promise<void> {
    this.#isVerified = false
    this.#bound = null
    this.#hasAnswered = failure !== null
    const [what, next] = this.#hasAnswered
      ? ['gives no usable answer', 'it is asked again']
      : ['does not answer', 'the work waits until it does']
    const isCpuNext = this.options.server.fallback === 'cpu'
    if (isCpuNext && failures + 1 >= patience) {
      throw new StudioError('DEVICE_FAILED', `${this.#name} ${what} (${message})`)
    }
    if (failure !== null && unusable >= patience) throw failure
    if (failures === unreported) {
      const then = isCpuNext ? 'the CPU takes over if it stays so' : next
      onNotice?.(`${this.#name} ${what} (${message}): ${then}.`)
    }
    const seconds = Math.min(longestPause, firstPause * 2 ** failures)
    const wait = setTimeout(1000 * seconds, undefined, { signal }).catch(() => signal?.throwIfAborted())
    await pause(wait)
  }

  /** Asks for what earlier attempts at the batch did not get. */
  async #evaluateOnce(
    inputs: NetworkInputs,
    out: Tensor,
    { isAnswered, uncompared }: Progress,
    { signal, onStart }: Watch,
  ): Promise<void> {
    const bound = (this.#bound ??= await this.#bindAgain(signal))
    const parts = this.#partsOf(inputs, bound).filter((part) => isAnswered.slice(...part).includes(false))
    const answered: number[] = []
    const toCompare = () => (this.#isVerified ? [] : answered.slice(0, 1))
    let next = 0
    const stop = new AbortController()
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
    const work = async (): Promise<void> => {
      while (next < parts.length) {
        const [from, to] = parts[next++]
        await this.#evaluatePart(itemsOfInputs(inputs, from, to), itemsOf(out, from, to), bound, either)
        isAnswered.fill(true, from, to)
        answered.push(from)
      }
    }
    const workers = Array.from({ length: inFlight }, work)
    try {
      await Promise.all(workers)
    } catch (error) {
      // The other requests are no longer needed, and none may write to `out` after this.
      stop.abort(error)
      await Promise.allSettled(workers)
      uncompared.push(...toCompare())
      throw error
    }
    this.#wasOtherVersion = false
    for (const item of [...uncompared, ...toCompare()]) await this.#verify(item, inputs, out, bound, onStart)
    this.#isVerified = true
  }

  async #bindAgain(signal?: AbortSignal): Promise<BoundModel> {
    const { server, client, shown, bound } = this.options
    const served = await client.describe(signal).catch((error: unknown) => {
      throw this.#outageOf(error)
    })
    const where = `The server ${server.url}, asked for "${server.model}",`
    const again = bindModel(served, { ...shown, outputChannels: this.outputChannels, where })
    const begun = this.#version ?? again.version
    const version = again.version ?? begun
    if (version !== begun || again.precision !== bound.precision) {
      throw this.#replaced(
        `${where} came back with version ${version} (${again.precision}) where the work was begun with version ${begun} (${bound.precision}): begin it anew, or serve that version again.`,
      )
    }
    this.#version = begun
    return again
  }

  /** Returns what a failed question about the model means for the work. */
  #outageOf(error: unknown): unknown {
    const isUnsupported = error instanceof StudioError && error.code === 'UNSUPPORTED'
    if (!isUnsupported && !(error instanceof ServerOutageError)) return error
    // A server that has just started does not know its models yet, or fails to describe them, so this waits for it.
    if (!this.#hasAnswered) return new ServerOutageError(error.message)
    return isUnsupported ? new ServerOutageError(error.message, error) : error
  }

  /** Splits a batch as evenly as possible, to keep all instances busy, within the size limit of a body. */
  #partsOf(inputs: NetworkInputs, { mostItems, bytesPerItem }: BoundModel): [number, number][] {
    const [batch] = inputs.sample.shape
    const byBytes = Math.max(1, Math.floor(bodyBytes / bytesPerItem(inputs)))
    const size = Math.min(Math.ceil(batch / inFlight), byBytes, mostItems ?? batch)
    return Array.from({ length: Math.ceil(batch / size) }, (_, i) => [
      i * size,
      Math.min(batch, (i + 1) * size),
    ])
  }

  /** Returns the time limit of a request of `items` items, in seconds. */
  #limitOf(items: number): number {
    const limit = this.#slowest === null ? firstLimit : limitFactor * this.#slowest * items
    return Math.min(mostLimit, Math.max(leastLimit, limit) * 2 ** this.#timeouts)
  }

  async #evaluatePart(
    inputs: NetworkInputs,
    out: Tensor,
    bound: BoundModel,
    signal: AbortSignal,
  ): Promise<void> {
    const [items] = inputs.sample.shape
    const seconds = this.#limitOf(items)
    const started = performance.now()
    const answer = await this.options.client.infer(bound.tensors(inputs), bound.output, { seconds, signal })
    this.#slowest = Math.max(this.#slowest ?? 0, (performance.now() - started) / 1000 / items)
    this.#timeouts = 0
    if (answer.data.length !== out.data.length) {
      throw new StudioError(
        'MODEL_MISMATCH',
        `${this.#name} answers [${answer.shape.join(', ')}] where [${out.shape.join(', ')}] was asked for: serve the model that is opened here.`,
      )
    }
    if (answer.version !== null) this.#checkVersion(answer.version)
    out.data.set(answer.data)
  }

  /** Notes the version of the first answer if the server's description names none; all others must be equal. */
  #checkVersion(answered: string): void {
    const version = (this.#version ??= answered)
    if (answered === version) return
    const what = `version ${answered} answers in the place of ${version}`
    // The first time, the server may be about to come back with that version: `#bindAgain` finds out.
    if (!this.#wasOtherVersion) {
      this.#wasOtherVersion = true
      throw new ServerOutageError(what)
    }
    throw this.#replaced(
      `${this.#name} is described as before, but ${what}: serve one version only, or name it with --server-version on the command line.`,
    )
  }

  #replaced(sentence: string): StudioError {
    this.options.onReplaced?.()
    return new StudioError('MODEL_MISMATCH', sentence)
  }

  /** Compares one item with the CPU's result, in the same way as a device is checked. */
  async #verify(
    item: number,
    inputs: NetworkInputs,
    out: Tensor,
    { precision }: BoundModel,
    onStart: Watch['onStart'],
  ): Promise<void> {
    const expected = createTensor([1, ...out.shape.slice(1)])
    const answered = itemsOf(out, item, item + 1)
    const { reference, turns } = this.options
    const evaluate = () => {
      onStart?.()
      return reference.evaluate(itemsOfInputs(inputs, item, item + 1), expected)
    }
    await turns.take(evaluate, undisputed)
    let deviation = 0
    for (let i = 0; i < expected.data.length; i++) {
      // NaN once it was NaN, which no tolerance allows.
      deviation = Math.max(deviation, Math.abs(expected.data[i] - answered.data[i]))
    }
    if (deviation <= tolerances[precision]) return
    throw new StudioError(
      'MODEL_MISMATCH',
      `${this.#name} answers wrongly: its first answer is ${deviation.toExponential(1)} from the CPU’s, and ${tolerances[precision]} is allowed in ${precision}. Serve the model that is opened here, as slerp-studio export-onnx writes it.`,
    )
  }
}

function itemsOfInputs(
  { sample, timestep, condition }: NetworkInputs,
  from: number,
  to: number,
): NetworkInputs {
  return { sample: itemsOf(sample, from, to), timestep, condition: conditionOfItems(condition, from, to) }
}
