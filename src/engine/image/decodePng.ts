import { loadImage } from '@napi-rs/canvas'
import { readImagePixels } from './imagePixels'
import type { Pixels } from '#core/picture/pixels'

/** Decodes a PNG file made by this program, which needs none of the checks for files from elsewhere. */
export async function decodePng(bytes: Uint8Array): Promise<Pixels> {
  return readImagePixels(await loadImage(bytes), 1)
}
