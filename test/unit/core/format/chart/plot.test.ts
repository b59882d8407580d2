import { describe, expect, it } from 'vitest'
import { logAxis } from '#core/format/chart/axis'
import type { Curve, CurveStyle } from '#core/format/chart/curve'
import { labelPlaces, placeCurves, plotArea } from '#core/format/chart/plot'

const style: CurveStyle = { colour: { light: 'red', dark: 'red' }, dash: [], marker: 'circle', hollow: false }

function curve(key: string, ...values: number[]): Curve {
  const points = values.map((y, at) => ({ id: `${key}${at}`, name: key, x: 10 * 10 ** at, y }))
  return { key, label: key, style, points }
}

const area = plotArea({ width: 400, height: 300 }, { left: ['0.001'], right: ['a label'] }, 16)
const x = logAxis([10, 100])
const y = logAxis([1e-4, 1])

describe('plotArea', () => {
  it('leaves more room for longer labels', () => {
    const wide = plotArea(
      { width: 400, height: 300 },
      { left: ['5·10⁻³³³'], right: ['a much longer label'] },
      16,
    )
    expect(wide.left).toBeGreaterThan(area.left)
    expect(wide.left + wide.width).toBeLessThan(area.left + area.width)
  })
})

describe('placeCurves', () => {
  it('places smaller values lower and larger x values further right', () => {
    const [{ points, path }] = placeCurves([curve('a', 1, 1e-4)], x, y, area)
    expect(points[0]).toMatchObject({ x: area.left, y: area.top, beyond: false })
    expect(points[1].x).toBeCloseTo(area.left + area.width)
    expect(points[1].y).toBeCloseTo(area.top + area.height)
    expect(path).toMatch(/^M[\d.]+,[\d.]+L[\d.]+,[\d.]+$/)
  })

  it('marks an error of exactly 0 as beyond the axis, and keeps it in the chart', () => {
    const [{ points }] = placeCurves([curve('exact', 0)], x, y, area)
    expect(points[0].beyond).toBe(true)
    expect(points[0].y).toBeCloseTo(area.top + area.height)
  })
})

describe('labelPlaces', () => {
  it('labels the best curves when there is not enough room for all', () => {
    const many = Array.from({ length: 60 }, (_unused, at) => curve(`c${at}`, 10 ** (-4 * (at / 59))))
    const labels = labelPlaces(placeCurves(many, x, y, area), area)
    expect(labels.length).toBeGreaterThan(5)
    expect(labels.length).toBeLessThan(60)
    expect(labels.map(({ key }) => key)).toContain('c59')
    expect(labels.map(({ key }) => key)).not.toContain('c0')
  })

  it('has no label for a curve without points', () => {
    expect(labelPlaces(placeCurves([curve('none')], x, y, area), area)).toEqual([])
  })
})
