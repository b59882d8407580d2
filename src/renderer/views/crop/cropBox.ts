import type { Rect, Size } from '../../kit/pictureView'

/** A crop narrower than this, in pixels, shows nothing that a model could work with. */
export const narrowest = 8

/**
 * The largest part of an area, about its middle, that has the shape of the model's pictures; in whole pixels. Of a whole
 * picture it is what `cover` shows.
 *
 * @param aspect  width over height
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

/** The box moved, kept within the picture. */
export function moveBox({ x, y, width, height }: Rect, picture: Size, dx: number, dy: number): Rect {
  return {
    x: Math.round(clamp(x + dx, 0, picture.width - width)),
    y: Math.round(clamp(y + dy, 0, picture.height - height)),
    width,
    height,
  }
}

/** The box made wider by some pixels, or narrower, about its middle, kept within the picture. */
export function growBox(box: Rect, picture: Size, by: number, aspect: number): Rect {
  const size = sized(box.width + by, picture, aspect)
  const grown = { x: box.x, y: box.y, ...size }
  return moveBox(grown, picture, (box.width - size.width) / 2, (box.height - size.height) / 2)
}

/** Which corner of a box is dragged: -1 is left or top, 1 is right or bottom. */
export interface Corner {
  readonly across: -1 | 1
  readonly down: -1 | 1
}

/** The box with one corner dragged to a point, the opposite corner staying where it is. */
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

/** The box on the screen, where `rect` is the whole picture. */
export function boxOnScreen({ x, y, width, height }: Rect, picture: Size, rect: Rect): Rect {
  const scale = rect.width / picture.width
  return { x: rect.x + x * scale, y: rect.y + y * scale, width: width * scale, height: height * scale }
}

/** A size of a given shape in whole pixels, close to a width and no larger than the room. */
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
