import { expect, it } from 'vitest'
import { tableFormats, type TextTable } from '../../../../src/renderer/lab/tableText'

const table: TextTable = {
  titles: ['Solver', 'η', 'x_T std'],
  rows: [
    ['DDIM | A', '0', '1.003'],
    ['100 % & {more}', '−∞', '1,024'],
  ],
}
const write = (id: string) => tableFormats.find((format) => format.id === id)!.write(table)

it('writes Markdown whose bars in cells are no borders', () => {
  expect(write('markdown')).toBe(
    '| Solver | η | x_T std |\n| --- | --- | --- |\n| DDIM \\| A | 0 | 1.003 |\n| 100 % & {more} | −∞ | 1,024 |\n',
  )
})

it('writes one line a row and one tab between cells, so that a spreadsheet has as many columns as titles', () => {
  const lines = write('tsv').trimEnd().split('\n')
  expect(lines.map((line) => line.split('\t').length)).toEqual([3, 3, 3])
})

it('writes LaTeX whose special characters are text', () => {
  expect(write('latex')).toContain('Solver & $\\eta$ & x\\_T std \\\\')
  expect(write('latex')).toContain('100 \\% \\& \\{more\\} & $-$$\\infty$ & 1,024 \\\\')
})
