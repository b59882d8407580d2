import { providerNames, type Provider } from '#shared/devices'
import { StudioError } from '#shared/errors'

const outOfMemory =
  /out of (device )?memory|OUT_OF_MEMORY|OutOfDeviceMemory|failed to allocate|bad_alloc|not enough memory/i

/** Whether an error of the runtime means that a device has too little memory for what was asked of it. */
export function isOutOfMemory(words: string): boolean {
  return outOfMemory.test(words)
}

/** What a device gave up with, as a failure of the device: the same on the CPU may well work. */
export function deviceFailure(provider: Provider, error: unknown): StudioError {
  const words = error instanceof Error ? error.message : String(error)
  const what = isOutOfMemory(words) ? 'ran out of memory' : `failed (${plainWords(words)})`
  return new StudioError('DEVICE_FAILED', `${providerNames[provider]} ${what}`, { details: words })
}

const longest = 200

/** The first line of what the runtime says, without the place in its sources that it puts before it. */
export function plainWords(words: string): string {
  const line = words.split('\n').find((line) => line.trim() !== '') ?? 'no reason given'
  const said = line.replace(/^.*(was false\.|\[ONNXRuntimeError\] : \d+ : \w+ :)\s*/, '').trim()
  return said.length > longest ? `${said.slice(0, longest)} …` : said.replace(/[.:]+$/, '')
}
