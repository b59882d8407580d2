import { describe, expect, it } from 'vitest'
import { cellColumns, columnsFor, nextSort, sortCells } from '../../../../src/renderer/lab/cellTable'
import { labCell } from '../../shared/labCells'

describe('sortCells', () => {
  const cells = [
    labCell({ steps: 100, mse: 2e-5 }),
    labCell({ steps: 20, mse: 1e-4, solver: 'ddim' }),
    labCell({ steps: 50, mse: 9e-5 }),
  ]
  const stepsBy = (key: 'mse' | 'steps' | 'solver', descending = false) =>
    sortCells(cells, { key, descending }).map(({ steps }) => steps)

  it('sorts figures as numbers, not as text', () => {
    expect(stepsBy('mse')).toEqual([100, 50, 20])
    expect(stepsBy('steps')).toEqual([20, 50, 100])
    expect(stepsBy('steps', true)).toEqual([100, 50, 20])
  })

  it('sorts solvers simplest first and keeps equal ones in order', () => {
    expect(stepsBy('solver')).toEqual([20, 100, 50])
    expect(stepsBy('solver', true)).toEqual([100, 50, 20])
  })

  it('sorts a perfect reconstruction above every finite PSNR', () => {
    const sorted = sortCells([labCell({ psnr: Infinity, steps: 1 }), labCell({ psnr: 90, steps: 2 })], {
      key: 'psnr',
      descending: true,
    })
    expect(sorted.map(({ steps }) => steps)).toEqual([1, 2])
  })
})

it('reverses the order only on repeated clicks of the same column', () => {
  const once = nextSort({ key: 'mse', descending: false }, 'steps')
  expect(once).toEqual({ key: 'steps', descending: false })
  expect(nextSort(once, 'steps')).toEqual({ key: 'steps', descending: true })
  expect(nextSort(nextSort(once, 'steps'), 'steps').descending).toBe(false)
})

it('shows the error sources of a latent model, and no empty columns for a pixel model', () => {
  const keys = (cell = labCell()) => columnsFor([cell]).map(({ key }) => key)
  expect(keys()).not.toContain('inversionMse')
  expect(keys(labCell({ autoencoderMse: 1e-4, inversionMse: 1e-5 }))).toEqual(
    expect.arrayContaining(['autoencoderMse', 'inversionMse']),
  )
})

it('shows each figure with the digits that matter', () => {
  const text = (key: string, cell = labCell()) => cellColumns.find((column) => column.key === key)?.text(cell)
  expect(text('mse', labCell({ mse: 1.94e-5 }))).toBe('1.94e-5')
  expect(text('mse', labCell({ mse: 0.00103 }))).toBe('1.03e-3')
  expect(text('evaluations', labCell({ evaluations: 2000 }))).toBe('2000')
  expect(text('latentStd', labCell({ latentStd: 0.99961 }))).toBe('1.000')
  expect(text('psnr', labCell({ psnr: Infinity }))).toBe('identical')
  expect(text('psnr', labCell({ psnr: 18.49, exact: 1 }))).toBe('18.5 dB, 1 exact')
})
