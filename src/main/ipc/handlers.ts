import type { EngineClient } from '#host/client'
import type { AppRouteName, AppRoutes, RouteOutput, RouteRequest } from '#shared/contract'

/** The part of the engine client that handlers use. */
export type Engine = Pick<EngineClient, 'request'>

/** What a handler receives besides its input. */
export interface HandlerContext {
  readonly requestId: string
  /** Aborted when the window cancels the request or closes. */
  readonly signal: AbortSignal
}

/** One function per route: a missing one, or one of the wrong type, does not compile. */
export type AppHandlers = {
  [Name in AppRouteName]: (
    input: RouteRequest<AppRoutes[Name]>,
    context: HandlerContext,
  ) => Promise<RouteOutput<AppRoutes[Name]>>
}

/** The handlers of one domain: those of the routes `domain.…`. */
export type HandlersOf<Domain extends string> = {
  [Name in AppRouteName as Name extends `${Domain}.${string}` ? Name : never]: AppHandlers[Name]
}
