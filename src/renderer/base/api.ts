import type { Bridge, Events, RouteInput, RouteName, RouteOutput, Routes } from '#shared/contract'
import { StudioError, unwrap } from '#shared/errors'
import type { Progress } from '#shared/progress'

declare global {
  interface Window {
    /** Set by the preload script. */
    studio: Bridge
  }
}

/** Options of a request. */
export interface CallOptions {
  onProgress?: (progress: Progress) => void
  /** Aborting it cancels the request; the call then throws CANCELLED. */
  signal?: AbortSignal
}

/**
 * Sends a request to the main process, or through it to the engine.
 *
 * @throws StudioError with the failure's code and sentence.
 */
export async function request<Name extends RouteName>(
  route: Name,
  input: RouteInput<Routes[Name]>,
  { onProgress, signal }: CallOptions = {},
): Promise<RouteOutput<Routes[Name]>> {
  if (signal?.aborted) throw new StudioError('CANCELLED', 'Cancelled before it began.')
  const requestId = crypto.randomUUID()
  const stopListening = onProgress && listenToProgress(requestId, onProgress)
  const cancel = (): void => void call('request.cancel', { requestId })
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    const result = await call(route, input, requestId)
    return unwrap(result) as RouteOutput<Routes[Name]>
  } finally {
    signal?.removeEventListener('abort', cancel)
    stopListening?.()
  }
}

/** Listens to an event of the main process. Call the returned function to stop. */
export function on<Name extends keyof Events>(
  event: Name,
  listener: (payload: Events[Name]) => void,
): () => void {
  return window.studio.on(event, listener)
}

/** Returns the path on disk of a dropped file; empty for one that is not on disk. */
export function pathOf(file: File): string {
  return window.studio.pathOf(file)
}

function call(route: RouteName, input: unknown, requestId: string = crypto.randomUUID()) {
  return window.studio.request(route, toPlain(input), requestId)
}

function listenToProgress(requestId: string, onProgress: (progress: Progress) => void): () => void {
  return window.studio.on('progress', (event) => {
    if (event.requestId === requestId) onProgress(event.progress)
  })
}

/**
 * Copies reactive proxies, which cannot be sent to another process, into plain objects. Bytes pass unchanged.
 */
function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain)
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]))
}
