import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import type { Bridge, Events } from '#shared/contract'
import type { Failure, Result } from '#shared/errors'
import type { Progress } from '#shared/progress'
import type { ModelInfo, PictureInfo } from '#shared/reports'

type Answer = (input: never, call: Call) => unknown

/** A pending request. */
export interface Call {
  route: string
  input: unknown
  progress: (progress: Progress) => void
  cancelled: Promise<void>
}

export const failure = (code: Failure['code'], message: string = code): Failure => ({ code, message })

/** Replaces the preload's bridge by plain functions, with fresh stores. */
export function installFakeStudio(answers: Record<string, Answer>) {
  setActivePinia(createPinia())
  const calls: Call[] = []
  const listeners = new Set<(payload: Events['progress']) => void>()
  const cancels = new Map<string, () => void>()
  const studio: Bridge = {
    async request(route, input, requestId): Promise<Result<unknown>> {
      if (route === 'request.cancel') {
        cancels.get((input as { requestId: string }).requestId)?.()
        return { ok: true, data: null }
      }
      const cancelled = new Promise<void>((resolve) => cancels.set(requestId, resolve))
      const progress = (now: Progress) => listeners.forEach((listen) => listen({ requestId, progress: now }))
      const call = { route, input: structuredClone(input), progress, cancelled }
      calls.push(call)
      try {
        return { ok: true, data: await answers[route](input as never, call) }
      } catch (error) {
        return { ok: false, error: error as Failure }
      }
    },
    on(name, listener) {
      if (name === 'progress') listeners.add(listener as never)
      return () => listeners.delete(listener as never)
    },
    pathOf: () => '',
  }
  vi.stubGlobal('window', { studio })
  return { calls, callsOf: (route: string) => calls.filter((call) => call.route === route), listeners }
}

export const pictureInfo = (name: string): PictureInfo => ({
  path: `/pictures/${name}`,
  name,
  sha256: `hash of ${name}`,
  width: 100,
  height: 80,
  format: 'png',
  bytes: 1234,
})

export const modelInfo = {
  id: 'm',
  path: '/models/m',
  sha256: 'hash of m',
  picture: { channels: 3, width: 64, height: 64 },
  autoencoder: null,
} as ModelInfo
