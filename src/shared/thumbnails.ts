/** Longer side in pixels: sharp at the largest tile on a display of twice the usual density. */
const longerSide = 224

/** The size of a thumbnail, in pixels, of what a model of this width and height sees. */
export function thumbnailSize({ width, height }: { width: number; height: number }): {
  width: number
  height: number
} {
  const scale = longerSide / Math.max(width, height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}
