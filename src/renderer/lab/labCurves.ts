import { paperTable2, ruleId, type LabCell } from '#shared/lab'
import { nodeKinds, solverIds, type TimestepSpacing, type SolverId } from '#shared/settings'
import { familyName, ruleName } from '../labels/solverNames'
import type { Curve } from './curves'

/** What the Lab draws over evaluations. */
export type LabFigure = 'mse' | 'latentStd' | 'secondsPerPicture'

/** The colour of a solver in every chart, safe for colour-blind eyes. */
export function solverColour(solver: SolverId): string {
  return `var(--series-${solverIds.indexOf(solver) + 1})`
}

/** One a node kind, in their order; Karras' is the default and solid. */
const dashes = ['5 3', '1.5 3', '9 3 1.5 3', '', '9 3', '5 3 1.5 3 1.5 3', '2 2 6 2']

/** The dash pattern of a kind of nodes in every chart. */
export function nodesDash(nodes: TimestepSpacing): string {
  return dashes[nodeKinds.indexOf(nodes)]
}

/** One curve for each solver on each kind of nodes, and for each eta, over the evaluations that were counted. */
export function curvesOf(cells: readonly LabCell[], figure: LabFigure): Curve[] {
  const families = new Map<string, LabCell[]>()
  for (const cell of cells) {
    const key = [cell.solver, cell.nodes, cell.eta].join(' ')
    families.set(key, [...(families.get(key) ?? []), cell])
  }
  return [...families].map(([key, members]) => ({
    key,
    label: familyName(members[0]),
    colour: solverColour(members[0].solver),
    dash: nodesDash(members[0].nodes),
    points: members
      .map((cell) => ({ id: ruleId(cell), name: ruleName(cell), x: cell.evaluations, y: cell[figure] }))
      .sort((a, b) => a.x - b.x),
  }))
}

const paperName = 'Song et al., Table 2'

/** The paper's own measurements, for comparison: S steps each way. */
export const paperCurve: Curve = {
  key: 'paper',
  label: paperName,
  colour: 'var(--text-3)',
  dash: '2 4',
  reference: true,
  points: paperTable2.map(({ steps, mse }) => ({
    id: `paper ${steps}`,
    name: `${paperName} · S ${steps}`,
    x: 2 * steps,
    y: mse,
  })),
}

/** The paper's curve as far as it can be compared: up to the evaluations that were spent here, and two points at least. */
export function comparablePaperCurve(cells: readonly LabCell[]): Curve {
  if (cells.length === 0) return paperCurve
  const reach = Math.max(...cells.map(({ evaluations }) => evaluations))
  const points = paperCurve.points.filter(({ x }, at) => at < 2 || x <= reach)
  return { ...paperCurve, points }
}
