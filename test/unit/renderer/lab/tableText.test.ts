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

it('escapes vertical bars in Markdown cells', () => {
  expect(write('markdown')).toBe(
    '| Solver | η | x_T std |\n| --- | --- | --- |\n| DDIM \\| A | 0 | 1.003 |\n| 100 % & {more} | −∞ | 1,024 |\n',
  )
})

it('writes TSV with one line per row and one tab between cells, so that a spreadsheet has one column per title', () => {
  const lines = write('tsv').trimEnd().split('\n')
  expect(lines.map((line) => line.split('\t').length)).toEqual([3, 3, 3])
})

it('escapes special characters in LaTeX', () => {
  expect(write('latex')).toContain('Solver & $\\eta$ & x\\_T std \\\\')
  expect(write('latex')).toContain('100 \\% \\& \\{more\\} & $-$$\\infty$ & 1,024 \\\\')
})
