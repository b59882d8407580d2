/** Longer side in pixels: sharp in the largest tile on a display with twice the usual density. */
const longerSide = 224

/** Returns the size, in pixels, of a thumbnail of the fitted picture for a model of this width and height. */
export function thumbnailSize({ width, height }: { width: number; height: number }): {
  width: number
  height: number
} {
  const scale = longerSide / Math.max(width, height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
