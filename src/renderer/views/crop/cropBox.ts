import type { Rect, Size } from '../../kit/pictureView'

/** The smallest width of a crop, in pixels: a narrower one shows nothing that a model can use. */
export const narrowest = 8

/**
 * Returns the largest centred part of an area with the shape of the model's pictures, in whole pixels. For a
 * whole picture, this is what `cover` shows.
 *
 * @param aspect  width divided by height
 */
export function middleBox(area: Rect, aspect: number): Rect {
  const { width, height } = sized(Infinity, area, aspect)
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  }
}

/** Moves the box, keeping it within the picture. */
export function moveBox({ x, y, width, height }: Rect, picture: Size, dx: number, dy: number): Rect {
  return {
    x: Math.round(clamp(x + dx, 0, picture.width - width)),
    y: Math.round(clamp(y + dy, 0, picture.height - height)),
    width,
    height,
  }
}

/** Makes the box wider or narrower by some pixels around its centre, keeping it within the picture. */
export function growBox(box: Rect, picture: Size, by: number, aspect: number): Rect {
  const size = sized(box.width + by, picture, aspect)
  const grown = { x: box.x, y: box.y, ...size }
  return moveBox(grown, picture, (box.width - size.width) / 2, (box.height - size.height) / 2)
}

/** The corner of a box that is dragged: -1 is left or top, 1 is right or bottom. */
export interface Corner {
  readonly across: -1 | 1
  readonly down: -1 | 1
}

/** Drags one corner of the box to a point; the opposite corner stays in place. */
export function dragCorner(
  box: Rect,
  { across, down }: Corner,
  picture: Size,
  point: { x: number; y: number },
): Rect {
  const aspect = box.width / box.height
  const fixed = { x: across > 0 ? box.x : box.x + box.width, y: down > 0 ? box.y : box.y + box.height }
  const wanted = Math.max((point.x - fixed.x) * across, (point.y - fixed.y) * down * aspect)
  const room = {
    width: across > 0 ? picture.width - fixed.x : fixed.x,
    height: down > 0 ? picture.height - fixed.y : fixed.y,
  }
  const { width, height } = sized(wanted, room, aspect)
  return {
    x: across > 0 ? fixed.x : fixed.x - width,
    y: down > 0 ? fixed.y : fixed.y - height,
    width,
    height,
  }
}

/** Returns the box on the screen, where `rect` is the whole picture. */
export function boxOnScreen({ x, y, width, height }: Rect, picture: Size, rect: Rect): Rect {
  const scale = rect.width / picture.width
  return { x: rect.x + x * scale, y: rect.y + y * scale, width: width * scale, height: height * scale }
}

/**
 * Returns a size of a given shape in whole pixels, close to a width and no larger than the available room.
 */
function sized(width: number, room: Size, aspect: number): Size {
  const most = Math.min(room.width, room.height * aspect)
  const bounded = Math.floor(clamp(width, Math.min(narrowest, most), most))
  return {
    width: Math.max(1, bounded),
    height: Math.max(1, Math.min(room.height, Math.round(bounded / aspect))),
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
