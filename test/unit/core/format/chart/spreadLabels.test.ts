import { describe, expect, it } from 'vitest'
import { spreadLabels } from '#core/format/chart/spreadLabels'

const room: [number, number] = [0, 100]

describe('spreadLabels', () => {
  it('does not move labels that do not overlap', () => {
    expect(spreadLabels([20, 80, 50], 10, room)).toEqual([20, 80, 50])
  })

  it('moves overlapping labels apart by their height and keeps their order', () => {
    const places = spreadLabels([51, 50, 50.5], 10, room)
    const [top, middle, bottom] = [places[1], places[2], places[0]]
    expect(middle - top).toBeCloseTo(10)
    expect(bottom - middle).toBeCloseTo(10)
  })

  it('keeps all labels within the available room at both ends', () => {
    for (const crowd of [
      [99, 99, 99],
      [0, 1, 2],
    ]) {
      const places = spreadLabels(crowd, 10, room)
      expect(Math.min(...places)).toBeGreaterThanOrEqual(5)
      expect(Math.max(...places)).toBeLessThanOrEqual(95)
    }
  })

  it('squeezes labels together evenly when they do not all fit', () => {
    const places = spreadLabels(
      Array.from({ length: 21 }, () => 50),
      10,
      room,
    )
    const gaps = places.slice(1).map((place, at) => place - places[at])
    for (const gap of gaps) expect(gap).toBeCloseTo(4.5)
  })

  it('accepts an empty list', () => {
    expect(spreadLabels([], 10, room)).toEqual([])
  })
})
