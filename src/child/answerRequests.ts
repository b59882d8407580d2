/** How a child process that does one thing at a time answers the requests of its parent. */
import { toFailure } from '#shared/errors'
import type { Progress } from '#shared/progress'
import { openServerPort } from './serverPort'

/** Does what a request asks for, and returns what to answer. */
export type Answer = (route: string, input: unknown, report: (progress: Progress) => void) => Promise<unknown>

/**
 * Answers every request that comes through the port, from now on, with what `answer` returns or with why it threw.
 * There is no cancelling: the parent kills the process.
 */
export function answerRequests(answer: Answer): void {
  const port = openServerPort()
  async function respond(id: string, route: string, input: unknown): Promise<void> {
    try {
      const data = await answer(route, input, (progress) => port.send({ type: 'progress', id, progress }))
      port.send({ type: 'response', id, result: { ok: true, data } })
    } catch (thrown) {
      port.send({ type: 'response', id, result: { ok: false, error: toFailure(thrown) } })
    }
  }
  port.onMessage((message) => {
    if (message.type === 'request') void respond(message.id, message.route, message.input)
  })
}
