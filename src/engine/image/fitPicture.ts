import { StudioError } from '#shared/errors'
import { liesInside, type FitSettings } from '#shared/pictureSource'
import { createPixels, type Pixels } from '#core/picture/pixels'
import { type Colour, type Rectangle, resample } from '#core/picture/resample'

/** A picture that may have been reduced; rectangles still refer to the pixels of its file. */
export interface FittablePicture extends Pixels {
  /** Size of the picture in the file; by default that of the pixels. */
  readonly info?: { readonly width: number; readonly height: number }
  /** Number of pixels of the file per pixel along each side; 1 by default. */
  readonly reduction?: number
}

function wholeOf({ info, ...pixels }: FittablePicture): Rectangle {
  const { width, height } = info ?? pixels
  return { x: 0, y: 0, width, height }
}

/** Applies {@link resample} to a region given in pixels of the file. */
function resampleRegion(
  { reduction = 1, ...pixels }: FittablePicture,
  region: Rectangle,
  [width, height]: readonly [number, number],
  background?: Colour,
): Pixels {
  const { x, y } = region
  const kept = {
    x: x / reduction,
    y: y / reduction,
    width: region.width / reduction,
    height: region.height / reduction,
  }
  return resample(pixels, kept, width, height, { background })
}

/** Returns the largest centred part of a rectangle with the aspect ratio `width` : `height`. */
function centredPart(region: Rectangle, width: number, height: number): Rectangle {
  const scale = Math.min(region.width / width, region.height / height)
  const part = { width: width * scale, height: height * scale }
  return {
    x: region.x + (region.width - part.width) / 2,
    y: region.y + (region.height - part.height) / 2,
    ...part,
  }
}

function requireInside(crop: Rectangle, picture: Rectangle): void {
  if (liesInside(crop, picture)) return
  throw new StudioError(
    'BAD_INPUT',
    `The crop of ${crop.width} x ${crop.height} pixels at ${crop.x}, ${crop.y} leaves the picture, which has ` +
      `${picture.width} x ${picture.height}. Choose a rectangle inside it.`,
  )
}

function parseColour(hex: string): Colour {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** Scales a picture to fit inside while keeping its aspect ratio, and fills the rest. */
function contain(picture: FittablePicture, background: Colour, width: number, height: number): Pixels {
  const whole = wholeOf(picture)
  const scale = Math.min(width / whole.width, height / whole.height)
  const innerWidth = Math.max(1, Math.round(whole.width * scale))
  const innerHeight = Math.max(1, Math.round(whole.height * scale))
  const inner = resampleRegion(picture, whole, [innerWidth, innerHeight], background)
  const target = createPixels(width, height)
  for (let at = 0; at < target.data.length; at += 4) target.data.set([...background, 255], at)
  const [left, top] = [(width - innerWidth) >> 1, (height - innerHeight) >> 1]
  for (let y = 0; y < innerHeight; y++) {
    const row = inner.data.subarray(y * innerWidth * 4, (y + 1) * innerWidth * 4)
    target.data.set(row, ((top + y) * width + left) * 4)
  }
  return target
}

/**
 * Returns what a model sees of a picture: `width` x `height` opaque pixels, never distorted. `cover` takes
 * the largest centred part with the model's aspect ratio, `crop` the same of a given rectangle, and `contain`
 * the whole picture on a background. Transparent parts show the background of `contain`, otherwise white.
 *
 * @throws StudioError BAD_INPUT if a crop rectangle extends beyond the picture
 */
export function fitPicture(
  picture: FittablePicture,
  fit: FitSettings,
  width: number,
  height: number,
): Pixels {
  if (fit.mode === 'contain') return contain(picture, parseColour(fit.background), width, height)
  const whole = wholeOf(picture)
  if (fit.mode === 'crop') requireInside(fit, whole)
  const region = fit.mode === 'crop' ? fit : whole
  return resampleRegion(picture, centredPart(region, width, height), [width, height])
}
