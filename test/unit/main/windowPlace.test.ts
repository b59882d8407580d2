import { expect, it } from 'vitest'
import { placeWindow } from '../../../src/main/windowPlace'

const laptop = { x: 0, y: 0, width: 1440, height: 900 }
const second = { x: 1440, y: 0, width: 1920, height: 1080 }
const place = { x: 1600, y: 100, width: 1200, height: 800, maximized: false }

it('opens at 1280 x 800 in the middle of the screen the first time', () => {
  expect(placeWindow(null, [laptop])).toEqual({ width: 1280, height: 800 })
})

it('opens where it was', () => {
  expect(placeWindow(place, [laptop, second])).toEqual({ x: 1600, y: 100, width: 1200, height: 800 })
})

it('comes back to a screen that is there: on an unplugged one nobody could find it', () => {
  expect(placeWindow(place, [laptop])).not.toHaveProperty('x')
})

it('counts a corner too small to grab as gone', () => {
  expect(placeWindow({ ...place, x: -1190, y: 10 }, [laptop])).not.toHaveProperty('x')
})

it('is never smaller than its contents need', () => {
  expect(placeWindow({ ...place, width: 10, height: 10, x: 0, y: 0 }, [laptop])).not.toMatchObject({
    width: 10,
  })
  expect(placeWindow({ ...place, width: 200, height: 100, x: 0, y: 0 }, [laptop])).toMatchObject({
    width: 960,
    height: 640,
  })
})
