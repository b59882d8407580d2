import {
  appRoutes,
  routes,
  type AppRouteName,
  type EngineRouteName,
  type Events,
  type RouteName,
} from '#shared/contract'
import { StudioError, toFailure, unwrap, type Result } from '#shared/errors'
import { describeIssues } from '#shared/describeIssues'
import type { PreferencesFile } from '../preferences'
import type { WriteGrants } from '../WriteGrants'
import type { AppHandlers, Engine, HandlerContext } from './handlers'
import type { RunningRequests } from './RunningRequests'
import { withSavedServer } from './windowServer'
import { requireMayWrite } from './windowWrites'

export interface RouterParts {
  readonly handlers: AppHandlers
  readonly engine: Engine
  readonly running: RunningRequests
  readonly grants: WriteGrants
  readonly preferences: Pick<PreferencesFile, 'value'>
  emit<Name extends keyof Events>(event: Name, payload: Events[Name]): void
}

/** Handles one request of the window. Never rejects. Its arguments are unchecked. */
export type Router = (route: unknown, input: unknown, requestId: unknown) => Promise<Result<unknown>>

/** The only way from the window to the handlers and the engine: checks, runs and wraps every request. */
export function createRouter(parts: RouterParts): Router {
  return async (route, input, requestId) => {
    try {
      const name = requireRoute(route)
      const id = requireId(requestId)
      const parsed = parse(name, input)
      const data = await parts.running.run(id, name, (signal) =>
        dispatch(parts, name, parsed, { requestId: id, signal }),
      )
      return { ok: true, data }
    } catch (thrown) {
      return { ok: false, error: toFailure(thrown) }
    }
  }
}

function requireRoute(route: unknown): RouteName {
  // hasOwn, because every object has "constructor" and "__proto__", which are not routes.
  if (typeof route === 'string' && Object.hasOwn(routes, route)) return route as RouteName
  throw new StudioError('BAD_INPUT', `There is no route "${String(route)}".`)
}

function requireId(requestId: unknown): string {
  if (typeof requestId === 'string' && requestId.length > 0 && requestId.length <= 100) return requestId
  throw new StudioError('BAD_INPUT', 'A request needs an id of 1 to 100 characters.')
}

function parse(name: RouteName, input: unknown): unknown {
  const parsed = routes[name].input.safeParse(input)
  if (parsed.success) return parsed.data
  throw new StudioError('BAD_INPUT', `${name}: ${describeIssues(parsed.error)}`)
}

async function dispatch(
  { handlers, engine, grants, preferences, emit }: RouterParts,
  name: RouteName,
  parsed: unknown,
  context: HandlerContext,
): Promise<unknown> {
  requireMayWrite(name, parsed, grants)
  const input = withSavedServer(parsed, preferences.value.server)
  // The table pairs each route's schema with its handler; TypeScript cannot follow that through the union.
  if (Object.hasOwn(appRoutes, name)) {
    const handler = handlers[name as AppRouteName] as (
      input: unknown,
      context: HandlerContext,
    ) => Promise<unknown>
    return handler(input, context)
  }
  const { requestId, signal } = context
  const result = await engine.request(name as EngineRouteName, input as never, {
    requestId,
    signal,
    onProgress: (progress) => emit('progress', { requestId, progress }),
  })
  return unwrap<unknown>(result)
}
