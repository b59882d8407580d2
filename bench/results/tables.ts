import type { SolverSettings } from '#core/diffusion/settings'
import { roundTripNfe } from '#core/diffusion/cost'
import { rules, type RuleName } from './rules'

/** A rule as the document names it. */
export function nameOf({ solver, timestepSpacing }: RuleName): string {
  return `${solver}, ${timestepSpacing}`
}

/** The cell of a rule at a number of steps. */
export function findCell<Cell extends SolverSettings>(
  cells: readonly Cell[],
  { solver, timestepSpacing }: RuleName,
  steps: number,
): Cell | undefined {
  return cells.find(
    (cell) => cell.solver === solver && cell.timestepSpacing === timestepSpacing && cell.steps === steps,
  )
}

/** A Markdown table: one row a rule, one column a number of steps. */
export function ruleTable<Cell extends SolverSettings>(
  cells: readonly Cell[],
  steps: readonly number[],
  show: (cell: Cell) => string,
): string {
  const rows = rules.map((rule) => [
    nameOf(rule),
    evaluationsText(rule),
    ...steps.map((count) => {
      const cell = findCell(cells, rule, count)
      return cell ? show(cell) : '–'
    }),
  ])
  return markdownTable([
    ['rule, timestepSpacing', 'evaluations', ...steps.map((count) => `S = ${count}`)],
    ...rows,
  ])
}

/** Evaluations there and back as a formula of S, read off the price of two numbers of steps. */
function evaluationsText({ solver }: RuleName): string {
  const [at10, at11] = [10, 11].map((steps) => roundTripNfe({ solver, steps }))
  const slope = at11 - at10
  const rest = at10 - 10 * slope
  return `${slope} S${rest === 0 ? '' : rest < 0 ? ` − ${-rest}` : ` + ${rest}`}`
}

/** The first row is the heading; every column but the first is of figures. */
export function markdownTable([heading, ...rows]: readonly (readonly string[])[]): string {
  const rule = heading.map((_, i) => (i === 0 ? '---' : '--:'))
  return [heading, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

export function scientific(value: number): string {
  return value.toExponential(1)
}
