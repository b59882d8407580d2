import { devices, type Provider } from '#shared/devices'
import { StudioError } from '#shared/errors'
import { isOutOfMemory, plainWords } from '#shared/runtimeWords'

/** Wraps an error as a failure of the device: the same work may well succeed on the CPU. */
export function deviceFailure(provider: Provider, error: unknown): StudioError {
  const words = error instanceof Error ? error.message : String(error)
  const what = isOutOfMemory(words) ? 'ran out of memory' : `failed (${plainWords(words)})`
  return new StudioError('DEVICE_FAILED', `${devices[provider].name} ${what}`, { details: words })
}
