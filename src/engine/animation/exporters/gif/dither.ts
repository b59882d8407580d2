import type { Pixels } from '#core/picture/pixels'
import { createNearestColour, type Palette } from './nearestColour'

/** Side of the threshold matrix. */
const side = 8

/** Thresholds of ordered dithering between 0 and 1 (Bayer 1973). */
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
 * Gives every pixel a colour of the palette: the nearest, or, as often as the pixel lies that way, the one on its other
 * side. So bands dissolve in smooth gradients, what is close to a colour of the palette stays even, and since the pattern
 * stands still nothing swims from frame to frame, as it would with error diffusion.
 *
 * @returns one index a pixel
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
    // Where along the step from one colour to the other the pixel lies; 0 / 1 when both are the same.
    const along = (red - nearRed) * stepRed + (green - nearGreen) * stepGreen + (blue - nearBlue) * stepBlue
    const length = stepRed * stepRed + stepGreen * stepGreen + stepBlue * stepBlue || 1
    const threshold = thresholds[(Math.floor(i / width) % side) * side + ((i % width) % side)]
    indices[i] = along / length > threshold ? far : near
  }
  return indices
}
