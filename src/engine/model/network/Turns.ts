import { setImmediate, setTimeout } from 'node:timers/promises'
import PQueue from 'p-queue'

/** Who goes first when several requests want the network: a person who drags the playhead waits for nobody's export. */
export const priorities = { urgent: 3, interactive: 2, encode: 1, export: 0 } as const
export type Priority = keyof typeof priorities

/** Who asks for an evaluation. */
export interface Turn {
  readonly priority: Priority
  /** Ends the wait; an evaluation that has begun is not stopped. */
  readonly signal?: AbortSignal
}

/** The turn of one who has nobody else to wait for. */
export const undisputed: Turn = { priority: 'encode' }

/** How long an evaluation waits while there is work that needs no network, in milliseconds: about as long as an evaluation takes. */
const shareMilliseconds = 30
/** How long a hold lasts, in milliseconds: a pointer on its way to where it is pressed rests no longer. */
const holdMilliseconds = 250
/** How often those who are held look whether that is over, in milliseconds. */
const holdStep = 10

/**
 * The queue in front of what evaluates networks. Networks that share a processor share one queue of one place, since the
 * runtime uses all threads for one evaluation; a server has a queue of its own, with as many places as it offers.
 */
export class Turns {
  readonly #queue: PQueue
  /** How many pieces of work that need no network are under way. */
  #beside = 0
  /** Until when all but the urgent wait, on the clock of `performance`. */
  #heldUntil = 0

  constructor(concurrency = 1) {
    this.#queue = new PQueue({ concurrency })
  }

  /**
   * Runs a task when its turn comes: after those of higher priority, and those of the same that came before.
   *
   * @throws the signal's reason when it is aborted before the task has begun; whatever the task throws
   */
  take<T>(task: () => Promise<T>, { priority, signal }: Turn): Promise<T> {
    const waiting = new AbortController()
    const stopWaiting = () => waiting.abort(signal?.reason)
    if (signal?.aborted) stopWaiting()
    signal?.addEventListener('abort', stopWaiting, { once: true })
    const begin = () => {
      // The queue would give the place of a task under way to the next one.
      signal?.removeEventListener('abort', stopWaiting)
      return task()
    }
    return this.#queue.add(begin, { priority: priorities[priority], signal: waiting.signal })
  }

  /**
   * Runs work that needs files and no network. The runtime blocks this process, so each of its many waits would last as long as
   * an evaluation: while it is under way, evaluations leave time between them.
   */
  async giveWayTo<T>(work: () => Promise<T>): Promise<T> {
    this.#beside++
    try {
      return await work()
    } finally {
      this.#beside--
    }
  }

  /**
   * Says that something urgent is about to be asked for. An evaluation that has begun is not stopped, so for a moment only urgent
   * ones begin.
   */
  hold(): void {
    this.#heldUntil = performance.now() + holdMilliseconds
  }

  /** Waits, before an evaluation, until what else this process does has had its share, and for the end of a hold. */
  async giveWay({ priority, signal }: Turn): Promise<void> {
    await (this.#beside > 0 ? setTimeout(shareMilliseconds) : setImmediate())
    const isHeld = () => priority !== 'urgent' && !signal?.aborted && performance.now() < this.#heldUntil
    while (isHeld()) await setTimeout(holdStep)
  }
}
