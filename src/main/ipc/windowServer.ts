import { inferenceServer, type InferenceServer } from '#shared/inferenceServer'
import { StudioError } from '#shared/errors'

const fields = Object.keys(inferenceServer.shape) as (keyof InferenceServer)[]

/**
 * Refuses a request of the window that would let the engine contact a server other than the one in the
 * preferences. Every route takes its server in `model`; no other input names one.
 *
 * @param input  as the route's schema has parsed it
 * @param saved  the server of the preferences; null for none
 * @throws StudioError FORBIDDEN
 */
export function requireSavedServer(input: unknown, saved: InferenceServer | null): void {
  const { model } = input as { model?: { server?: InferenceServer } | null }
  const asked = model?.server
  if (!asked || (saved && fields.every((field) => asked[field] === saved[field]))) return
  throw new StudioError(
    'FORBIDDEN',
    `The window may not use the server ${asked.url}: choose it in Settings, under Server, first.`,
  )
}
