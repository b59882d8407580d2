import type { Pixels } from '#core/picture/pixels'
import { createNearestColour, type Palette } from '#core/picture/nearestColour'

/** Side of the threshold matrix. */
const side = 8

/** Thresholds of ordered dithering, between 0 and 1 (Bayer 1973). */
const thresholds = Float64Array.from({ length: side * side }, (_, i) => {
  const [x, y] = [i % side, Math.floor(i / side)]
  let rank = 0
  for (let bit = 0; bit < 3; bit++) {
    const [xBit, yBit] = [(x >> bit) & 1, (y >> bit) & 1]
    rank = (rank << 2) | ((xBit ^ yBit) << 1) | yBit
  }
  return (rank + 0.5) / (side * side)
})

/**
 * Maps every pixel to the nearest palette colour or to the one on the opposite side of the pixel; the further
 * the pixel lies towards the latter, the more often that one is chosen. This dissolves the bands in smooth
 * gradients and keeps areas near a palette colour even. The pattern is fixed, so nothing swims from frame to
 * frame as with error diffusion.
 *
 * @returns one index per pixel
 */
export function mapToPalette({ data, width, height }: Pixels, palette: Palette): Uint8Array {
  const nearest = createNearestColour(palette)
  const indices = new Uint8Array(width * height)
  for (let i = 0; i < indices.length; i++) {
    const [red, green, blue] = [data[i * 4], data[i * 4 + 1], data[i * 4 + 2]]
    const near = nearest(red, green, blue)
    const [nearRed, nearGreen, nearBlue] = [palette[near * 3], palette[near * 3 + 1], palette[near * 3 + 2]]
    const far = nearest(2 * red - nearRed, 2 * green - nearGreen, 2 * blue - nearBlue)
    const [stepRed, stepGreen, stepBlue] = [
      palette[far * 3] - nearRed,
      palette[far * 3 + 1] - nearGreen,
      palette[far * 3 + 2] - nearBlue,
    ]
    // Position of the pixel along the step from one colour to the other; 0 / 1 if both are the same.
    const along = (red - nearRed) * stepRed + (green - nearGreen) * stepGreen + (blue - nearBlue) * stepBlue
    const length = stepRed * stepRed + stepGreen * stepGreen + stepBlue * stepBlue || 1
    const threshold = thresholds[(Math.floor(i / width) % side) * side + ((i % width) % side)]
    indices[i] = along / length > threshold ? far : near
  }
  return indices
}
