import { createCanvas, loadImage } from '@napi-rs/canvas'
import { createPixels, type Pixels } from './pixels'

/** Reads a PNG file of our own making back; what people bring goes through `openPicture`, which trusts nothing. */
export async function decodePng(png: Uint8Array): Promise<Pixels> {
  const image = await loadImage(png)
  const context = createCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  const pixels = createPixels(image.width, image.height)
  pixels.data.set(context.getImageData(0, 0, image.width, image.height).data)
  return pixels
}
