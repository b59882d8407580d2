import { describe, expect, it } from 'vitest'
import { solverIds } from '#core/diffusion/solvers/registry'
import { timestepSpacingIds } from '#core/diffusion/timestepSpacings/registry'
import { comparablePaperCurve, curvesOf, metricAxis, noiseBand, styleOf, paperCurve } from '#shared/labCurves'
import { labCell } from './labCells'

describe('curvesOf', () => {
  it('draws one line for each solver and timestep spacing, ordered by evaluations', () => {
    const cells = [
      labCell({ solver: '2m', timestepSpacing: 'karras', steps: 50 }),
      labCell({ solver: 'ddim', timestepSpacing: 'karras', steps: 10 }),
      labCell({ solver: '2m', timestepSpacing: 'linear', steps: 10 }),
      labCell({ solver: '2m', timestepSpacing: 'karras', steps: 10 }),
    ]
    const curves = curvesOf(cells, 'mse')
    expect(curves.map(({ label }) => label)).toEqual(['2M · Karras', 'DDIM · Karras', '2M · Linear'])
    expect(curves[0].points.map(({ x }) => x)).toEqual([20, 100])
  })

  it('draws the requested metric over the counted evaluations', () => {
    const cell = labCell({ mse: 0.25, latentStd: 0.9, secondsPerPicture: 3, evaluations: 33 })
    const drawn = (['mse', 'latentStd', 'secondsPerPicture'] as const).map(
      (figure) => curvesOf([cell], figure)[0].points[0],
    )
    expect(drawn.map(({ y }) => y)).toEqual([0.25, 0.9, 3])
    expect(drawn.map(({ x }) => x)).toEqual([33, 33, 33])
    expect(new Set(drawn.map(({ id }) => id)).size).toBe(1)
  })

  it('never joins stochastic cells to deterministic ones', () => {
    const cells = [labCell({ solver: 'ddim', eta: 0 }), labCell({ solver: 'ddim', eta: 0.5 })]
    expect(curvesOf(cells, 'mse').map(({ label }) => label)).toEqual([
      'DDIM · Karras',
      'DDIM · Karras · η 0.5',
    ])
  })

  it('gives each solver and timestep spacing a unique pair of colour and dash', () => {
    const cells = solverIds.flatMap((solver) =>
      timestepSpacingIds.map((timestepSpacing) => labCell({ solver, timestepSpacing })),
    )
    const looks = curvesOf(cells, 'mse').map(({ style }) => `${style.colour.light} ${style.dash.join()}`)
    expect(new Set(looks).size).toBe(solverIds.length * timestepSpacingIds.length)
    expect(styleOf({ solver: '2m', timestepSpacing: 'karras', eta: 0 }).dash).toEqual([])
  })
})

describe('the axes of a study', () => {
  it('do not let an exact solver flatten the others (would catch an axis that extends down to float32 precision)', () => {
    const curves = curvesOf([labCell({ solver: 'leapfrog', mse: 3e-14 }), labCell({ mse: 2e-3 })], 'mse')
    const axis = metricAxis('mse', curves)
    expect(axis.domain[0]).toBe(1e-9)
    expect(axis.placeOf(3e-14)).toEqual({ at: 0, beyond: true })
  })

  it('always show the range of noise’s standard deviation', () => {
    const { domain } = metricAxis('latentStd', curvesOf([labCell({ latentStd: 0.5 })], 'latentStd'))
    expect(domain[0]).toBeLessThanOrEqual(0.5)
    expect(domain[1]).toBeGreaterThanOrEqual(noiseBand.high)
  })
})

describe('the paper’s curve', () => {
  it('has its points at 2 S evaluations, and names its source', () => {
    expect(paperCurve.points.map(({ x, y }) => [x, y])).toEqual([
      [20, 0.014],
      [40, 0.0065],
      [100, 0.0023],
      [200, 0.0009],
      [400, 0.0004],
      [1000, 0.0001],
      [2000, 0.0001],
    ])
    expect(paperCurve.label).toContain('Table 2')
  })

  it('extends no further than the measurements, but has at least two points', () => {
    expect(comparablePaperCurve([labCell({ evaluations: 100 })]).points.at(-1)?.x).toBe(100)
    expect(comparablePaperCurve([labCell({ evaluations: 4 })]).points).toHaveLength(2)
    expect(comparablePaperCurve([])).toBe(paperCurve)
  })
})
