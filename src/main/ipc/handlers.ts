import type { EngineClient } from '#host/client'
import type { AppRouteName, AppRoutes, RouteOutput, RouteRequest } from '#shared/contract'

/** What is needed of the engine here. */
export type Engine = Pick<EngineClient, 'request'>

/** What a handler has besides its input. */
export interface RequestContext {
  readonly requestId: string
  /** Aborted when the window cancels the request or goes away. */
  readonly signal: AbortSignal
}

/** One function a route: a missing one, or one of another type, does not compile. */
export type AppHandlers = {
  [Name in AppRouteName]: (
    input: RouteRequest<AppRoutes[Name]>,
    context: RequestContext,
  ) => Promise<RouteOutput<AppRoutes[Name]>>
}

/** The handlers of one domain: those of the routes `domain.…`. */
export type HandlersOf<Domain extends string> = {
  [Name in AppRouteName as Name extends `${Domain}.${string}` ? Name : never]: AppHandlers[Name]
}
