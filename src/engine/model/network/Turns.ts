import { setImmediate, setTimeout } from 'node:timers/promises'
import PQueue from 'p-queue'

/** The order of competing requests: dragging the playhead takes precedence over any export. */
export const priorities = { urgent: 3, interactive: 2, encode: 1, export: 0 } as const
export type Priority = keyof typeof priorities

/** A request's place in the queue. */
export interface Turn {
  readonly priority: Priority
  /** Ends the wait; an evaluation that has begun is not stopped. */
  readonly signal?: AbortSignal
}

/** Waits for something while others have their turns; resolves when it is this task's turn again. */
export type Pause = (wait: Promise<void>) => Promise<void>

/** The turn of a request that has no competitors. */
export const undisputed: Turn = { priority: 'encode' }

/** How long an evaluation waits while work without a network runs, in milliseconds: about one evaluation. */
const shareMilliseconds = 30
/** How long a hold lasts, in milliseconds: a pointer about to press pauses no longer than that. */
const holdMilliseconds = 250
/** How often held evaluations check whether the hold is over, in milliseconds. */
const holdStep = 10

/**
 * The queue for evaluations of networks. The models that an engine evaluates itself share one queue with a
 * concurrency of 1, because the runtime uses all threads for one evaluation.
 */
export class Turns {
  readonly #queue = new PQueue({ concurrency: 1 })
  /** The number of running pieces of work that need no network. */
  #beside = 0
  /** Until when all but urgent evaluations wait, on the clock of `performance`. */
  #heldUntil = 0

  /**
   * Runs a task when its turn comes: after those of higher priority, and earlier ones of equal priority. The task
   * may give its turn away while it waits for something.
   *
   * @throws the signal's reason if it is aborted before a turn of the task has begun; whatever the task throws
   */
  take<T>(task: (pause: Pause) => Promise<T>, turn: Turn): Promise<T> {
    return new Promise((resolve, reject) => {
      const begin = (end: () => void) => {
        let endTurn = end
        const pause: Pause = async (wait) => {
          endTurn()
          await wait
          endTurn = await new Promise((again, refuse) => void this.#queueFor(turn, again).catch(refuse))
        }
        void task(pause)
          .then(resolve, reject)
          .finally(() => endTurn())
      }
      this.#queueFor(turn, begin).catch(reject)
    })
  }

  /**
   * Waits for a turn, which lasts until `begin` is told to end it.
   *
   * @throws the signal's reason if it is aborted before the turn has begun
   */
  #queueFor({ priority, signal }: Turn, begin: (end: () => void) => void): Promise<void> {
    const waiting = new AbortController()
    const stopWaiting = () => waiting.abort(signal?.reason)
    if (signal?.aborted) stopWaiting()
    signal?.addEventListener('abort', stopWaiting, { once: true })
    const hold = () => {
      // Otherwise, on an abort, the queue would give the place of the running task to the next one.
      signal?.removeEventListener('abort', stopWaiting)
      return new Promise<void>(begin)
    }
    return this.#queue.add(hold, { priority: priorities[priority], signal: waiting.signal })
  }

  /**
   * Runs work that needs files but no network. The runtime blocks this process, so each of the work's many
   * waits would take as long as an evaluation. While it runs, evaluations therefore leave time between them.
   */
  async giveWayTo<T>(work: () => Promise<T>): Promise<T> {
    this.#beside++
    try {
      return await work()
    } finally {
      this.#beside--
    }
  }

  /** Announces an urgent request: for a moment, only urgent evaluations start. Those under way continue. */
  hold(): void {
    this.#heldUntil = performance.now() + holdMilliseconds
  }

  /** Before an evaluation, gives other work of this process its share and waits for the end of a hold. */
  async giveWay({ priority, signal }: Turn): Promise<void> {
    await (this.#beside > 0 ? setTimeout(shareMilliseconds) : setImmediate())
    const isHeld = () => priority !== 'urgent' && !signal?.aborted && performance.now() < this.#heldUntil
    while (isHeld()) await setTimeout(holdStep)
  }
}
