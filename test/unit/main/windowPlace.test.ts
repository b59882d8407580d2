import { expect, it } from 'vitest'
import { placeWindow, smallestWindow } from '../../../src/main/windowPlace'

const laptop = { x: 0, y: 0, width: 1440, height: 900 }
const second = { x: 1440, y: 0, width: 1920, height: 1080 }
const place = { x: 1600, y: 100, width: 1200, height: 800, maximized: false }

it('opens at 1280 x 800 in the middle of the screen the first time', () => {
  expect(placeWindow(null, [laptop])).toEqual({ width: 1280, height: 800 })
})

it('fits on a small screen the first time (would catch a timeline below the edge of the screen)', () => {
  const small = { x: 0, y: 40, width: 1366, height: 728 }
  expect(placeWindow(null, [small])).toEqual({ width: 1280, height: 728 })
  expect(placeWindow(place, [small])).toEqual({ width: 1280, height: 728 })
})

it('opens where it was last time', () => {
  expect(placeWindow(place, [laptop, second])).toEqual({ x: 1600, y: 100, width: 1200, height: 800 })
})

it('opens at the default place when its old screen is unplugged', () => {
  expect(placeWindow(place, [laptop])).not.toHaveProperty('x')
})

it.each([
  ['far above the screen', { x: 100, y: -700 }],
  ['with only a corner on it', { x: -1190, y: 10 }],
  ['with its title bar just above', { x: 100, y: -20 }],
  ['with its title bar below', { x: 100, y: 890 }],
])('brings its title bar back onto the screen: %s (would catch a window that cannot be moved)', (_, at) => {
  const placed = placeWindow({ ...place, ...at }, [laptop])
  expect(placed.x).toBeGreaterThanOrEqual(0)
  expect(placed.y).toBeGreaterThanOrEqual(0)
  expect(placed.x! + placed.width).toBeLessThanOrEqual(laptop.width)
  expect(placed.y! + placed.height).toBeLessThanOrEqual(laptop.height)
})

it('shrinks to fit its screen, however large it was (would catch buttons beyond the edge)', () => {
  const huge = { x: 1500, y: 50, width: 9000, height: 9000, maximized: false }
  expect(placeWindow(huge, [laptop, second])).toMatchObject({ width: second.width, height: second.height })
})

it('keeps its place across two screens as long as its title bar can be grabbed', () => {
  const between = { x: 1000, y: 100, width: 1200, height: 800 }
  expect(placeWindow({ ...between, maximized: false }, [laptop, second])).toEqual(between)
})

it('is never smaller than its contents need', () => {
  expect(placeWindow({ ...place, width: 10, height: 10, x: 0, y: 0 }, [laptop])).not.toMatchObject({
    width: 10,
  })
  expect(placeWindow({ ...place, width: 200, height: 100, x: 0, y: 0 }, [laptop])).toMatchObject({
    width: smallestWindow.width,
    height: smallestWindow.height,
  })
})
