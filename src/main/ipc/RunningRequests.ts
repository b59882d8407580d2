import type { RouteName } from '#shared/contract'
import { StudioError } from '#shared/errors'
import type { HandlersOf } from './handlers'

/** The requests that go on without their page: they end in a file rather than in an answer. */
const lasting: ReadonlySet<RouteName> = new Set(['animation.export', 'project.save'])

/** The window's requests that are still unanswered. */
export class RunningRequests {
  readonly #requests = new Map<string, { route: RouteName; controller: AbortController }>()

  /**
   * Runs `work` under an id by which it can be cancelled.
   *
   * @throws StudioError BAD_INPUT if a request with this id is already running
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

  /** Has no effect on a request that has already been answered. */
  cancel(requestId: string): void {
    this.#requests.get(requestId)?.controller.abort()
  }

  /** Whether any request of this route is still unanswered. */
  isRunning(route: RouteName): boolean {
    return [...this.#requests.values()].some((request) => request.route === route)
  }

  /**
   * Cancels the requests of a page that is gone. Exports and saves go on: if cancelled, an export would discard
   * its frames, and a save would be lost.
   */
  cancelAnswers(): void {
    for (const { route, controller } of this.#requests.values()) {
      if (!lasting.has(route)) controller.abort()
    }
  }
}

/** Cancels requests of the window that are still running. */
export function requestHandlers(running: RunningRequests): HandlersOf<'request'> {
  return {
    async 'request.cancel'({ requestId }) {
      running.cancel(requestId)
      return null
    },
  }
}
