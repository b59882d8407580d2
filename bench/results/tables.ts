import type { SolverSettings } from '#core/diffusion/settings'
import { roundTripNfe } from '#core/diffusion/cost'
import { solverChoices, type SolverChoice } from './solverChoices'

/** The document's name for a solver with its timestep spacing. */
export function nameOf({ solver, timestepSpacing }: SolverChoice): string {
  return `${solver}, ${timestepSpacing}`
}

/** The cell of a solver at a number of steps. */
export function findCell<Cell extends SolverSettings>(
  cells: readonly Cell[],
  { solver, timestepSpacing }: SolverChoice,
  steps: number,
): Cell | undefined {
  return cells.find(
    (cell) => cell.solver === solver && cell.timestepSpacing === timestepSpacing && cell.steps === steps,
  )
}

/** A Markdown table with one row per measured solver and one column per number of steps. */
export function choiceTable<Cell extends SolverSettings>(
  cells: readonly Cell[],
  steps: readonly number[],
  show: (cell: Cell) => string,
): string {
  const measured = solverChoices.filter((choice) => steps.some((count) => findCell(cells, choice, count)))
  const rows = measured.map((choice) => [
    nameOf(choice),
    evaluationsText(choice),
    ...steps.map((count) => {
      const cell = findCell(cells, choice, count)
      return cell ? show(cell) : '–'
    }),
  ])
  return markdownTable([
    ['solver, timestep spacing', 'evaluations', ...steps.map((count) => `S = ${count}`)],
    ...rows,
  ])
}

/** Evaluations of the round trip as a formula of S, derived from the cost at two numbers of steps. */
function evaluationsText({ solver }: SolverChoice): string {
  const [at10, at11] = [10, 11].map((steps) => roundTripNfe({ solver, steps, cleanTimestep: -1 }))
  const slope = at11 - at10
  const rest = at10 - 10 * slope
  return `${slope} S${rest === 0 ? '' : rest < 0 ? ` − ${-rest}` : ` + ${rest}`}`
}

/** The first row is the heading; every column but the first contains figures. */
export function markdownTable([heading, ...rows]: readonly (readonly string[])[]): string {
  const line = heading.map((_, i) => (i === 0 ? '---' : '--:'))
  return [heading, line, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

export function scientific(value: number): string {
  return value.toExponential(1)
}
