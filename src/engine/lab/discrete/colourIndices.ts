import type { DiscreteState } from '#core/diffusion/discrete/discreteProcess'
import { createNearestColour, type Palette } from '#core/picture/nearestColour'
import { choosePalette } from '#core/picture/palette'
import { createPixels, type Pixels } from '#core/picture/pixels'

/** Pictures reduced to the colours of one palette. */
export interface IndexedPictures {
  readonly palette: Palette
  /** Number of colours in the palette, K. */
  readonly classes: number
  readonly pictures: readonly DiscreteState[]
}

/** Reduces opaque pictures of one size to at most `colours` shared colours. */
export function indexColours(pictures: readonly Pixels[], colours: number): IndexedPictures {
  const palette = choosePalette(stack(pictures), colours)
  const nearest = createNearestColour(palette)
  const indices = ({ data, width, height }: Pixels) =>
    Uint8Array.from({ length: width * height }, (_, i) =>
      nearest(data[i * 4], data[i * 4 + 1], data[i * 4 + 2]),
    )
  return { palette, classes: palette.length / 3, pictures: pictures.map(indices) }
}

/** Draws a state as a square picture. */
export function paintState(state: DiscreteState, palette: Palette): Pixels {
  const side = Math.sqrt(state.length)
  const pixels = createPixels(side, side)
  for (const [i, colour] of state.entries()) {
    pixels.data.set([...palette.subarray(colour * 3, colour * 3 + 3), 255], i * 4)
  }
  return pixels
}

/** Stacks pictures of one width vertically. */
function stack(pictures: readonly Pixels[]): Pixels {
  const [{ width, height }] = pictures
  const all = createPixels(width, height * pictures.length)
  for (const [i, { data }] of pictures.entries()) all.data.set(data, i * data.length)
  return all
}
