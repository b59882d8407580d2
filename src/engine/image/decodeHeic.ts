import { reduced } from './imagePixels'
import { reductionOf } from './pictureLimits'
import type { Pixels } from '#core/picture/pixels'

/**
 * Decodes a HEIC file by libheif, which is loaded when the first one comes: upright, its colours not yet converted.
 *
 * @throws whatever libheif has to say of a file that it cannot decode
 */
export async function decodeHeic(bytes: Buffer): Promise<Pixels> {
  const { default: decode } = await import('heic-decode')
  const { width, height, data } = await withoutConsole(() => decode({ buffer: bytes }))
  return reduced({ data, width, height }, reductionOf({ width, height }))
}

/** libheif prints its failures, and in a command line they would stand among what the command prints. */
async function withoutConsole<T>(work: () => Promise<T>): Promise<T> {
  const { log } = console
  console.log = () => undefined
  try {
    return await work()
  } finally {
    console.log = log
  }
}
