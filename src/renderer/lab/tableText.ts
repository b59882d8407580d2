/** A table as text: titles, and rows with one cell for each title. */
export interface TextTable {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The text formats for a table, one per row. */
export const tableFormats = [
  { id: 'markdown', title: 'Markdown', write: writeMarkdown },
  { id: 'tsv', title: 'Tab-separated (for spreadsheets)', write: writeTsv },
  { id: 'latex', title: 'LaTeX', write: writeLatex },
] as const satisfies readonly { id: string; title: string; write: (table: TextTable) => string }[]

function writeMarkdown({ titles, rows }: TextTable): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`
  const rule = `| ${titles.map(() => '---').join(' | ')} |`
  return [line(titles), rule, ...rows.map(line)].join('\n') + '\n'
}

function writeTsv({ titles, rows }: TextTable): string {
  return (
    [titles, ...rows].map((cells) => cells.map((cell) => cell.replace(/\s+/g, ' ')).join('\t')).join('\n') +
    '\n'
  )
}

/** Writes a booktabs tabular; characters that LaTeX would take for commands are escaped. */
function writeLatex({ titles, rows }: TextTable): string {
  const line = (cells: readonly string[]) => `${cells.map(escapeLatex).join(' & ')} \\\\`
  return [
    `\\begin{tabular}{${titles.map((_title, at) => (at < 2 ? 'l' : 'r')).join('')}}`,
    '\\toprule',
    line(titles),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n')
}

const latexOf: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  η: '$\\eta$',
  σ: '$\\sigma$',
  ε: '$\\varepsilon$',
  '∞': '$\\infty$',
  '−': '$-$',
  '₀': '$_0$',
}

function escapeLatex(text: string): string {
  return text.replace(/[\\~^ησε∞−₀]|[&%$#_{}]/g, (found) => latexOf[found] ?? `\\${found}`)
}
