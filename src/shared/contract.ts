import type { z } from 'zod'
import type { EngineState, MenuCommand } from './app'
import type { Result } from './errors'
import type { Progress } from './progress'
import { deviceRoutes } from './routes/app/deviceRoutes'
import { dialogRoutes } from './routes/app/dialogRoutes'
import { helpRoutes } from './routes/app/helpRoutes'
import { libraryRoutes } from './routes/app/libraryRoutes'
import { modelLibraryRoutes } from './routes/app/modelLibraryRoutes'
import { openProjectRoutes } from './routes/app/openProjectRoutes'
import { outputRoutes } from './routes/app/outputRoutes'
import { sessionRoutes } from './routes/app/sessionRoutes'
import { shellRoutes } from './routes/app/shellRoutes'
import { workRoutes } from './routes/app/workRoutes'
import { animationRoutes } from './routes/engine/animationRoutes'
import { batchRoutes } from './routes/engine/batchRoutes'
import { cacheRoutes } from './routes/engine/cacheRoutes'
import { labRoutes } from './routes/engine/labRoutes'
import { latentRoutes } from './routes/engine/latentRoutes'
import { modelRoutes } from './routes/engine/modelRoutes'
import { projectRoutes } from './routes/engine/projectRoutes'
import type { Route } from './routes/route'

/** What the engine process does. Every request is self-contained: a fresh engine gives the same answer. */
export const engineRoutes = {
  ...modelRoutes,
  ...latentRoutes,
  ...animationRoutes,
  ...batchRoutes,
  ...labRoutes,
  ...projectRoutes,
  ...cacheRoutes,
} as const

/** What the desktop app's main process does itself, for its window. */
export const appRoutes = {
  ...sessionRoutes,
  ...openProjectRoutes,
  ...libraryRoutes,
  ...modelLibraryRoutes,
  ...deviceRoutes,
  ...dialogRoutes,
  ...shellRoutes,
  ...workRoutes,
  ...outputRoutes,
  ...helpRoutes,
} as const

/** All routes. What the window may write by each of them: `src/main/ipc/windowWrites.ts`. */
export const routes = { ...engineRoutes, ...appRoutes } as const

/** Events that the main process sends to its window. */
export interface Events {
  progress: { requestId: string; progress: Progress }
  engine: EngineState
  menu: MenuCommand
  /** Tells the window to save the project and then request `app.closeSaved`. */
  saveAndClose: Record<string, never>
  /**
   * Files that the system gives to the app: opened with it, or dropped on its icon. Held back until the
   * window requests `app.state`.
   */
  openFiles: { paths: string[] }
}

/** Everything that the preload script exposes as `window.studio`. */
export interface Bridge {
  request(route: string, input: unknown, requestId: string): Promise<Result<unknown>>
  on<Name extends keyof Events>(event: Name, listener: (payload: Events[Name]) => void): () => void
  /** Path on disk of a dropped file; empty if it is not on disk. */
  pathOf(file: unknown): string
}

export type Routes = typeof routes
export type RouteName = keyof Routes
export type EngineRoutes = typeof engineRoutes
export type EngineRouteName = keyof EngineRoutes
export type AppRoutes = typeof appRoutes
export type AppRouteName = keyof AppRoutes

/** What a caller may send: values with defaults may be left out. */
export type RouteInput<R> = R extends Route<infer I, unknown> ? z.input<I> : never
/** What a handler receives: parsed, with defaults filled in. */
export type RouteRequest<R> = R extends Route<infer I, unknown> ? z.output<I> : never
export type RouteOutput<R> = R extends Route<z.ZodType, infer O> ? O : never
