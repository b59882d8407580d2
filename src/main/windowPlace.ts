import { z } from 'zod'

/** Position and size of the window, in device-independent pixels. */
export const windowPlace = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
})
/** A position and size that {@link windowPlace} accepts. */
export type WindowPlace = z.infer<typeof windowPlace>

interface Size {
  width: number
  height: number
}

interface Rectangle extends Size {
  x: number
  y: number
}

/** The least size at which all of the window's contents can be used, in device-independent pixels. */
export const smallestWindow = { width: 640, height: 420 } as const
const firstWindow = { width: 1280, height: 800 } as const
/** How much of the title bar must be on a screen for the user to be able to grab the window. */
const grip = { width: 120, height: 40 } as const

/** How far two rectangles overlap; negative if they do not. */
function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  }
}

function isReachable(place: Rectangle, screen: Rectangle): boolean {
  const { width, height } = overlap({ ...place, height: grip.height }, screen)
  return width >= grip.width && height >= grip.height
}

function areaOn(screen: Rectangle, place: Rectangle): number {
  const { width, height } = overlap(place, screen)
  return Math.max(0, width) * Math.max(0, height)
}

/** Moves an interval as little as needed to lie within another; one too long starts where that starts. */
function moveWithin(start: number, length: number, from: number, available: number): number {
  return Math.max(from, Math.min(start, from + available - length))
}

/** Shrinks a size to that of a screen, but not to less than the window's contents need. */
function fitSize(size: Size, screen: Size): Size {
  return {
    width: Math.max(Math.min(size.width, screen.width), smallestWindow.width),
    height: Math.max(Math.min(size.height, screen.height), smallestWindow.height),
  }
}

/**
 * Returns where to open the window: where it was, moved and shrunk as needed for it to fit on a screen with
 * its title bar; in the middle of the first screen at first, and if its old screen is gone.
 *
 * @param screens  work areas of the current screens, that of the primary one first
 */
export function placeWindow(
  last: WindowPlace | null,
  screens: readonly Rectangle[],
): Partial<Rectangle> & Size {
  const [screen] = last === null ? [] : [...screens].sort((a, b) => areaOn(b, last) - areaOn(a, last))
  if (last === null || screen === undefined || areaOn(screen, last) === 0)
    return fitSize(firstWindow, screens[0] ?? firstWindow)
  const { width, height } = fitSize(last, screen)
  if (isReachable({ ...last, width }, screen)) return { x: last.x, y: last.y, width, height }
  return {
    x: moveWithin(last.x, width, screen.x, screen.width),
    y: moveWithin(last.y, height, screen.y, screen.height),
    width,
    height,
  }
}
