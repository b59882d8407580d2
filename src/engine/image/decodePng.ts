import { loadImage } from '@napi-rs/canvas'
import { readImagePixels } from './imagePixels'
import type { Pixels } from '#core/picture/pixels'

/** Decodes a PNG file of this program's own making, which needs none of the checks that a stranger's file needs. */
export async function decodePng(bytes: Uint8Array): Promise<Pixels> {
  return readImagePixels(await loadImage(bytes), 1)
}
