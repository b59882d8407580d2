import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createCanvas, loadImage } from '@napi-rs/canvas'

const drawings = fileURLToPath(new URL('../../resources/icons', import.meta.url))

/** The icon sizes that desktops ask for, in pixels. */
export const iconSizes = [16, 22, 24, 32, 48, 64, 128, 256, 512]

/** The size that Windows' and macOS's icons are made from. */
const largest = 1024

/** Where the icons are written: electron-builder looks here too. */
export const iconFolder = 'dist/icons'

/** Up to this size the simpler drawing is used. */
const largestSmall = 32

/** Draws the app's icon as PNG. */
async function drawIcon(size) {
  const drawing = size <= largestSmall ? 'slerp-studio-small.svg' : 'slerp-studio.svg'
  const text = readFileSync(join(drawings, drawing), 'utf8')
  // An SVG is rasterised at the size that it declares, and only then scaled.
  const image = await loadImage(Buffer.from(text.replace('<svg ', `<svg width="${size}" height="${size}" `)))
  const canvas = createCanvas(size, size)
  canvas.getContext('2d').drawImage(image, 0, 0, size, size)
  return canvas.toBuffer('image/png')
}

/**
 * Writes the icon in all sizes, as `<folder>/<size>x<size>.png`.
 *
 * @param {string} folder  created if it is missing
 */
export async function writeIcons(folder) {
  mkdirSync(folder, { recursive: true })
  for (const size of [...iconSizes, largest])
    writeFileSync(join(folder, `${size}x${size}.png`), await drawIcon(size))
}
