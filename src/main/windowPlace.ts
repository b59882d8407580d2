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

export const smallestWindow = { width: 960, height: 640 } as const
const firstWindow = { width: 1280, height: 800 } as const
/** How much of the window must be on a screen for a person to be able to grab it. */
const grip = { width: 120, height: 40 } as const

function overlap(a: Rectangle, b: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  }
}

function isReachable(place: Rectangle, screens: readonly Rectangle[]): boolean {
  return screens.some((screen) => {
    const { width, height } = overlap(place, screen)
    return width >= grip.width && height >= grip.height
  })
}

/**
 * Where to open the window: where it was, or in the middle of the first screen when that is on no screen any more.
 *
 * @param screens  work areas of the screens there are now
 */
export function placeWindow(
  last: WindowPlace | null,
  screens: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  if (last === null || !isReachable(last, screens)) return { ...firstWindow }
  return {
    x: last.x,
    y: last.y,
    width: Math.max(last.width, smallestWindow.width),
    height: Math.max(last.height, smallestWindow.height),
  }
}
