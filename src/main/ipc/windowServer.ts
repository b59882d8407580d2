import type { InferenceServer } from '#shared/inferenceServer'
import { StudioError } from '#shared/errors'

/**
 * Returns a request of the window with its server as the preferences name it: only these say which header is sent, so a
 * renewed token also serves work that was begun with the last one. A server other than the chosen one is refused, so
 * that the window cannot let the engine contact it. Every route takes its server in `model`; no other input names one.
 *
 * @param input  as the route's schema has parsed it
 * @param saved  the server of the preferences; null for none
 * @throws StudioError FORBIDDEN
 */
export function withSavedServer(input: unknown, saved: InferenceServer | null): unknown {
  const { model } = input as { model?: { server?: InferenceServer } | null }
  const asked = model?.server
  if (!asked) return input
  if (saved && places.every((place) => asked[place] === saved[place])) {
    return { ...(input as object), model: { ...model, server: saved } }
  }
  throw new StudioError(
    'FORBIDDEN',
    `This was begun on the server ${asked.url} ("${asked.model}"), which is not the chosen one: choose it in Settings, under Server, or begin it anew.`,
  )
}

/** The fields that identify a server's model. */
const places = ['url', 'model', 'version'] as const
