import type { Rect, Size } from '../../kit/pictureView'

/** A square on a picture, in its pixels. */
export interface Square {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** A crop smaller than this says nothing. */
export const smallestSide = 8

/** The largest square in the middle: what `cover` shows. */
export function middleSquare({ width, height }: Size): Square {
  const side = Math.min(width, height)
  return { x: Math.round((width - side) / 2), y: Math.round((height - side) / 2), side }
}

/** The square moved, kept within the picture. */
export function moveSquare({ x, y, side }: Square, picture: Size, dx: number, dy: number): Square {
  return {
    x: Math.round(clamp(x + dx, 0, picture.width - side)),
    y: Math.round(clamp(y + dy, 0, picture.height - side)),
    side,
  }
}

/** The square made larger or smaller about its middle, kept within the picture. */
export function growSquare(square: Square, picture: Size, by: number): Square {
  const side = boundedSide(square.side + by, Math.min(picture.width, picture.height))
  const shift = (square.side - side) / 2
  return moveSquare({ x: square.x, y: square.y, side }, picture, shift, shift)
}

/** Which corner of a square is dragged: -1 is left or top, 1 is right or bottom. */
export interface Corner {
  readonly across: -1 | 1
  readonly down: -1 | 1
}

/** The square with one corner dragged to a point, the corner across from it staying where it is. */
export function dragCorner(
  square: Square,
  corner: Corner,
  picture: Size,
  point: { x: number; y: number },
): Square {
  const fixed = {
    x: corner.across > 0 ? square.x : square.x + square.side,
    y: corner.down > 0 ? square.y : square.y + square.side,
  }
  const wanted = Math.max((point.x - fixed.x) * corner.across, (point.y - fixed.y) * corner.down)
  const room = Math.min(
    corner.across > 0 ? picture.width - fixed.x : fixed.x,
    corner.down > 0 ? picture.height - fixed.y : fixed.y,
  )
  const side = boundedSide(wanted, room)
  return {
    x: corner.across > 0 ? fixed.x : fixed.x - side,
    y: corner.down > 0 ? fixed.y : fixed.y - side,
    side,
  }
}

/** The square on the screen, where `rect` is the whole picture. */
export function squareOnScreen({ x, y, side }: Square, picture: Size, rect: Rect): Rect {
  const scale = rect.width / picture.width
  return { x: rect.x + x * scale, y: rect.y + y * scale, width: side * scale, height: side * scale }
}

function boundedSide(side: number, most: number): number {
  return Math.round(clamp(side, Math.min(smallestSide, most), most))
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
