import { describe, expect, it } from 'vitest'
import type { Curve } from '#core/format/chart/curve'
import { nearestPoint, neighbourOf } from '../../../../src/renderer/lab/curves'

function curve(key: string, ...points: [x: number, y: number][]): Curve {
  return {
    key,
    label: key,
    style: { colour: { light: 'red', dark: 'red' }, dash: [], marker: 'circle', hollow: false },
    points: points.map(([x, y]) => ({ id: `${key}${x}`, name: key, x, y })),
  }
}

const low = curve('low', [20, 1], [40, 0.5])
const middle = curve('middle', [20, 2], [40, 1.5], [100, 1])
const high = curve('high', [39, 4])
const curves = [low, high, middle]

describe('neighbourOf', () => {
  it('starts at the first point, and at none without curves', () => {
    expect(neighbourOf(curves, null, 'after')).toBe('low20')
    expect(neighbourOf([], null, 'after')).toBeNull()
  })

  it('walks along a curve and stops at its ends', () => {
    expect(neighbourOf(curves, 'middle40', 'after')).toBe('middle100')
    expect(neighbourOf(curves, 'middle100', 'after')).toBe('middle100')
    expect(neighbourOf(curves, 'middle20', 'before')).toBe('middle20')
  })

  it('moves to the next curve in drawn order, not in list order, and back', () => {
    expect(neighbourOf(curves, 'low40', 'above')).toBe('middle40')
    expect(neighbourOf(curves, 'middle40', 'above')).toBe('high39')
    expect(neighbourOf(curves, 'high39', 'below')).toBe('middle40')
    expect(neighbourOf(curves, 'high39', 'above')).toBe('high39')
  })
})

describe('nearestPoint', () => {
  const points = [
    { id: 'a', x: 0, y: 0 },
    { id: 'b', x: 10, y: 0 },
  ]

  it('finds the point nearest the pointer, and none when all are far away', () => {
    expect(nearestPoint(points, { x: 7, y: 3 }, 20)?.id).toBe('b')
    expect(nearestPoint(points, { x: 7, y: 300 }, 20)).toBeNull()
    expect(nearestPoint([], { x: 0, y: 0 }, 20)).toBeNull()
  })
})
