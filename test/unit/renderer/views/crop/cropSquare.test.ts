import { describe, expect, it } from 'vitest'
import {
  dragCorner,
  growSquare,
  middleSquare,
  moveSquare,
  type Corner,
  type Square,
} from '../../../../../src/renderer/views/crop/cropSquare'

const picture = { width: 200, height: 100 }
const square: Square = { x: 50, y: 20, side: 40 }
const corners: Corner[] = [-1, 1].flatMap((across) => [-1, 1].map((down) => ({ across, down }) as Corner))

function expectInside({ x, y, side }: Square): void {
  expect(x).toBeGreaterThanOrEqual(0)
  expect(y).toBeGreaterThanOrEqual(0)
  expect(x + side).toBeLessThanOrEqual(picture.width)
  expect(y + side).toBeLessThanOrEqual(picture.height)
  expect(side).toBeGreaterThan(0)
}

describe('cropSquare', () => {
  it('begins with what cover shows', () => {
    expect(middleSquare(picture)).toEqual({ x: 50, y: 0, side: 100 })
  })

  it('stays on the picture wherever it is dragged', () => {
    for (const far of [-1e4, -30, 30, 1e4]) {
      expectInside(moveSquare(square, picture, far, far))
      expectInside(growSquare(square, picture, far))
      for (const corner of corners) expectInside(dragCorner(square, corner, picture, { x: far, y: far }))
    }
  })

  it('keeps the opposite corner still while one is dragged', () => {
    for (const corner of corners) {
      const dragged = dragCorner(square, corner, picture, { x: 95, y: 65 })
      const fixedX = ({ x, side }: Square) => (corner.across > 0 ? x : x + side)
      const fixedY = ({ y, side }: Square) => (corner.down > 0 ? y : y + side)
      expect(fixedX(dragged)).toBe(fixedX(square))
      expect(fixedY(dragged)).toBe(fixedY(square))
    }
  })

  it('grows about its middle', () => {
    expect(growSquare(square, picture, 20)).toEqual({ x: 40, y: 10, side: 60 })
  })

  it('crops even a picture smaller than the smallest square', () => {
    const tiny = { width: 4, height: 4 }
    expect(dragCorner(middleSquare(tiny), { across: 1, down: 1 }, tiny, { x: 1, y: 1 }).side).toBe(4)
  })
})
