import { describeIssues } from '#shared/describeIssues'
import {
  engineRoutes,
  type EngineRouteName,
  type EngineRoutes,
  type RouteOutput,
  type RouteRequest,
} from '#shared/contract'
import { StudioError, toFailure } from '#shared/errors'
import type { ComputeInfo } from '#shared/reports'
import type { ServerPort } from '#shared/engineMessages'
import { ServerChangedError } from './model/server/LazyRemoteNetwork'
import type { RequestContext } from './job/requestContext'

/** One handler per route; a missing handler or one of the wrong type does not compile. */
export type EngineHandlers = {
  [Name in EngineRouteName]: (
    input: RouteRequest<EngineRoutes[Name]>,
    context: RequestContext,
  ) => Promise<RouteOutput<EngineRoutes[Name]>>
}

/** How often a working engine signals that it is not hung, in milliseconds. */
const aliveInterval = 1000

/** Returns this process's memory use, for parents that cannot look it up; null on Linux, where they can. */
function heldBytes(): number | null {
  return process.platform === 'linux' ? null : process.memoryUsage.rss()
}

/**
 * Answers requests on a port until the process ends. This is the only place where requests are parsed, run
 * and wrapped in an envelope.
 */
export function serve(port: ServerPort, handlers: EngineHandlers): void {
  const running = new Map<string, AbortController>()
  let told: ComputeInfo | null = null
  const computesOn = (compute: ComputeInfo): void => {
    if (compute !== told) port.send({ type: 'compute', compute })
    told = compute
  }
  setInterval(() => {
    if (running.size > 0) port.send({ type: 'alive', heldBytes: heldBytes() })
  }, aliveInterval).unref()

  const answer = async (id: string, route: string, input: unknown): Promise<void> => {
    const controller = new AbortController()
    running.set(id, controller)
    try {
      const data = await dispatch(handlers, route, input, {
        signal: controller.signal,
        report: (progress) => port.send({ type: 'progress', id, progress }),
        computesOn,
        evaluates: (seconds) => port.send({ type: 'evaluating', id, seconds }),
        evaluated: () => port.send({ type: 'evaluated', id }),
        notice: (sentence) => port.send({ type: 'notice', sentence }),
      })
      port.send({ type: 'response', id, result: { ok: true, data } })
    } catch (thrown) {
      const error = controller.signal.aborted
        ? { code: 'CANCELLED' as const, message: 'Cancelled.' }
        : toFailure(thrown)
      port.send({ type: 'response', id, result: { ok: false, error } })
    } finally {
      running.delete(id)
    }
  }

  port.onMessage((message) => {
    if (message.type === 'request') void answer(message.id, message.route, message.input)
    else running.get(message.id)?.abort()
  })
}

async function dispatch(
  handlers: EngineHandlers,
  route: string,
  input: unknown,
  context: RequestContext,
): Promise<unknown> {
  if (!Object.hasOwn(engineRoutes, route)) throw new StudioError('BAD_INPUT', `There is no route "${route}".`)
  const name = route as EngineRouteName
  const parsed = engineRoutes[name].input.safeParse(input)
  if (!parsed.success) throw new StudioError('BAD_INPUT', `${name}: ${describeIssues(parsed.error)}`)
  // The table pairs each route's schema with its handler; TypeScript cannot follow that pairing through
  // the union.
  const handler = handlers[name] as (input: unknown, context: RequestContext) => Promise<unknown>
  try {
    return await handler(parsed.data, context)
  } catch (error) {
    // Requests can be repeated: this one opens the model with what was found.
    if (!(error instanceof ServerChangedError)) throw error
    return handler(parsed.data, context)
  }
}
