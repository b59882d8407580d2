import type { RouteName } from '#shared/contract'
import { StudioError } from '#shared/errors'
import type { HandlersOf } from './handlers'

/** What the window asked for and has no answer to yet. */
export class RunningRequests {
  readonly #requests = new Map<string, { route: RouteName; controller: AbortController }>()

  /**
   * Runs `work` under an id by which it can be cancelled.
   *
   * @throws StudioError BAD_INPUT when a request of this id is running already
   */
  async run<T>(requestId: string, route: RouteName, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#requests.has(requestId)) {
      throw new StudioError('BAD_INPUT', `A request with the id "${requestId}" is running already.`)
    }
    const controller = new AbortController()
    this.#requests.set(requestId, { route, controller })
    try {
      return await work(controller.signal)
    } finally {
      this.#requests.delete(requestId)
    }
  }

  /** Without effect on a request that was answered meanwhile. */
  cancel(requestId: string): void {
    this.#requests.get(requestId)?.controller.abort()
  }

  /** Whether any request of this route waits for its answer. */
  isRunning(route: RouteName): boolean {
    return [...this.#requests.values()].some((request) => request.route === route)
  }

  /**
   * For a page that went away: nobody waits for these answers any more. An export ends in a file and not in an answer;
   * cancelled, it would throw away the frames it has.
   */
  cancelAnswers(): void {
    for (const { route, controller } of this.#requests.values()) {
      if (route !== 'animation.export') controller.abort()
    }
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
