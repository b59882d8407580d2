import { describe, expect, it } from 'vitest'
import type { Rect } from '../../../../../src/renderer/kit/pictureView'
import {
  dragCorner,
  growBox,
  middleBox,
  moveBox,
  type Corner,
} from '../../../../../src/renderer/views/crop/cropBox'

const picture = { x: 0, y: 0, width: 200, height: 100 }
const corners: Corner[] = [-1, 1].flatMap((across) => [-1, 1].map((down) => ({ across, down }) as Corner))
const boxes: [string, number, Rect][] = [
  ['square', 1, { x: 50, y: 20, width: 40, height: 40 }],
  ['wide', 1.6, { x: 50, y: 20, width: 64, height: 40 }],
  ['tall', 0.5, { x: 50, y: 20, width: 20, height: 40 }],
]

function expectInside({ x, y, width, height }: Rect): void {
  expect(x).toBeGreaterThanOrEqual(0)
  expect(y).toBeGreaterThanOrEqual(0)
  expect(x + width).toBeLessThanOrEqual(picture.width)
  expect(y + height).toBeLessThanOrEqual(picture.height)
  expect(width).toBeGreaterThan(0)
}

describe('the largest centred box', () => {
  it('is what “cover” shows, in the model’s aspect ratio (would catch a square for a model that is not square)', () => {
    expect(middleBox(picture, 1)).toEqual({ x: 50, y: 0, width: 100, height: 100 })
    expect(middleBox(picture, 0.5)).toEqual({ x: 75, y: 0, width: 50, height: 100 })
    expect(middleBox(picture, 4)).toEqual({ x: 0, y: 25, width: 200, height: 50 })
  })

  it('lies within an older crop, around the same centre', () => {
    expect(middleBox({ x: 10, y: 20, width: 60, height: 40 }, 1)).toEqual({
      x: 20,
      y: 20,
      width: 40,
      height: 40,
    })
  })
})

describe.each(boxes)('a %s crop', (_name, aspect, box) => {
  it('stays within the picture and keeps its aspect ratio, wherever it is dragged', () => {
    for (const far of [-1e4, -30, 30, 1e4]) {
      const moved = [
        moveBox(box, picture, far, far),
        growBox(box, picture, far, aspect),
        ...corners.map((corner) => dragCorner(box, corner, picture, { x: far, y: far })),
      ]
      for (const one of moved) {
        expectInside(one)
        expect(Math.abs(one.width - one.height * aspect)).toBeLessThanOrEqual(Math.max(1, aspect))
      }
    }
  })

  it('keeps the opposite corner fixed while a corner is dragged', () => {
    for (const corner of corners) {
      const dragged = dragCorner(box, corner, picture, { x: 95, y: 65 })
      const fixedX = ({ x, width }: Rect) => (corner.across > 0 ? x : x + width)
      const fixedY = ({ y, height }: Rect) => (corner.down > 0 ? y : y + height)
      expect(fixedX(dragged)).toBe(fixedX(box))
      expect(fixedY(dragged)).toBe(fixedY(box))
    }
  })
})

it('a crop grows around its centre', () => {
  const square = { x: 50, y: 20, width: 40, height: 40 }
  expect(growBox(square, picture, 20, 1)).toEqual({ x: 40, y: 10, width: 60, height: 60 })
})

it('crops even a picture smaller than the narrowest box', () => {
  const tiny = { x: 0, y: 0, width: 4, height: 4 }
  expect(dragCorner(middleBox(tiny, 1), { across: 1, down: 1 }, tiny, { x: 1, y: 1 }).width).toBe(4)
})
