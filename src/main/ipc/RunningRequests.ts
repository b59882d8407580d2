import { StudioError } from '#shared/errors'
import type { HandlersOf } from './handlers'

/** What the window asked for and has no answer to yet. */
export class RunningRequests {
  readonly #controllers = new Map<string, AbortController>()

  /**
   * Runs `work` under an id by which it can be cancelled.
   *
   * @throws StudioError BAD_INPUT when a request of this id is running already
   */
  async run<T>(requestId: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#controllers.has(requestId)) {
      throw new StudioError('BAD_INPUT', `A request with the id "${requestId}" is running already.`)
    }
    const controller = new AbortController()
    this.#controllers.set(requestId, controller)
    try {
      return await work(controller.signal)
    } finally {
      this.#controllers.delete(requestId)
    }
  }

  /** Without effect on a request that was answered meanwhile. */
  cancel(requestId: string): void {
    this.#controllers.get(requestId)?.abort()
  }

  /** For a window that went away: nobody waits for these answers any more. */
  cancelAll(): void {
    for (const controller of this.#controllers.values()) controller.abort()
  }
}

export function requestHandlers(running: RunningRequests): HandlersOf<'request'> {
  return {
    async 'request.cancel'({ requestId }) {
      running.cancel(requestId)
      return null
    },
  }
}
