import { z } from 'zod'

/** Where the window was, in device-independent pixels. */
export const windowPlace = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  maximized: z.boolean(),
})
export type WindowPlace = z.infer<typeof windowPlace>

interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export const smallestWindow = { width: 640, height: 420 } as const
const firstWindow = { width: 1280, height: 800 } as const
/** How much of its title bar must be on a screen for a person to be able to grab a window. */
const grip = { width: 120, height: 40 } as const

/** How far two rectangles lie over each other; negative where they are apart. */
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

/** A stretch moved as little as it takes to lie within another; one that is too long begins where that begins. */
function moveWithin(start: number, length: number, from: number, available: number): number {
  return Math.max(from, Math.min(start, from + available - length))
}

/**
 * Where to open the window: where it was, moved and shrunk as far as it takes for its title bar to be on a screen and
 * for it to fit there; in the middle of the first screen when it was on none that is left.
 *
 * @param screens  work areas of the screens there are now
 */
export function placeWindow(
  last: WindowPlace | null,
  screens: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  const [screen] = last === null ? [] : [...screens].sort((a, b) => areaOn(b, last) - areaOn(a, last))
  if (last === null || screen === undefined || areaOn(screen, last) === 0) return { ...firstWindow }
  const width = Math.max(Math.min(last.width, screen.width), smallestWindow.width)
  const height = Math.max(Math.min(last.height, screen.height), smallestWindow.height)
  if (isReachable({ ...last, width }, screen)) return { x: last.x, y: last.y, width, height }
  return {
    x: moveWithin(last.x, width, screen.x, screen.width),
    y: moveWithin(last.y, height, screen.y, screen.height),
    width,
    height,
  }
}
