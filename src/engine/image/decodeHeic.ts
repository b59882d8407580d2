import { reduced } from './imagePixels'
import { reductionOf } from './pictureLimits'
import type { Pixels } from '#core/picture/pixels'

/**
 * Decodes a HEIC file with libheif, which is loaded on first use. The result is upright, and its colours are
 * not converted.
 *
 * @throws whatever libheif throws for a file that it cannot decode
 */
export async function decodeHeic(bytes: Buffer): Promise<Pixels> {
  const { default: decode } = await import('heic-decode')
  const { width, height, data } = await withoutConsole(() => decode({ buffer: bytes }))
  return reduced({ data, width, height }, reductionOf({ width, height }))
}

/** Silences libheif's error messages, which would otherwise mix with the output of a command. */
async function withoutConsole<T>(work: () => Promise<T>): Promise<T> {
  const { log } = console
  console.log = () => undefined
  try {
    return await work()
  } finally {
    console.log = log
  }
}
