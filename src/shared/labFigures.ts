/** The Lab's figures of pictures: what they need and cost, for the engine that draws them and the window. */
import { roundTripNfe, type Costed } from '#core/diffusion/cost'
import type { SolverSettings } from '#core/diffusion/settings'
import { solverOf } from '#core/diffusion/solvers/registry'
import type { LabFile } from './lab'

/** A figure of pictures: its file in the study, and what it requires. */
export interface LabFigure {
  readonly file: Extract<LabFile, `${string}.png`>
  /** Number of stops that it needs. */
  readonly stops: number
  /** Number of pictures that are decoded for it, for a study of these numbers of steps. */
  pictures(steps: readonly number[]): number
  /** Network evaluations. An estimate: encoding is taken to cost as much as decoding. */
  nfe(settings: Costed, steps: readonly number[]): number
}

/** Rows of the figure of consistency, frames of that of interpolation, and the side of the grid. */
export const consistencyRows = 4
export const interpolationFrames = 9
export const gridSide = 6

/** Section 5.2 of the paper: one x_T gives one picture, however many steps it is decoded in. */
export const consistency: LabFigure = {
  file: 'consistency.png',
  stops: 0,
  pictures: (steps) => consistencyRows * steps.length,
  nfe: (settings, steps) =>
    steps.reduce((sum, count) => sum + consistencyRows * count, 0) * nfeAStep(settings),
}

/** Appendix D.5: the slerp path between the latents of two stops. */
export const interpolation: LabFigure = {
  file: 'interpolation.png',
  stops: 2,
  pictures: () => interpolationFrames,
  nfe: (settings) => (2 + interpolationFrames) * settings.steps * nfeAStep(settings),
}

/** Appendix D.5: two-way slerp between the latents of four stops. */
export const grid: LabFigure = {
  file: 'grid.png',
  stops: 4,
  pictures: () => gridSide ** 2,
  nfe: (settings) => (4 + gridSide ** 2) * settings.steps * nfeAStep(settings),
}

/** Average evaluations per step in one direction. */
function nfeAStep(settings: Costed): number {
  return roundTripNfe(settings) / settings.steps / 2
}

/** Figures show many pictures: more steps than this cost time for no visible gain. */
const mostSteps = 50

/**
 * Returns the settings that figures may use: deterministic, affordable, and not with paired latents, which
 * are made for exact reconstruction rather than for mixing. A criterion that would leave no settings is ignored;
 * earlier ones take precedence.
 */
export function figureCandidates<Solver extends SolverSettings>(all: readonly Solver[]): readonly Solver[] {
  const criteria = [
    ({ eta }: SolverSettings) => eta === 0,
    ({ steps }: SolverSettings) => steps <= mostSteps,
    ({ solver }: SolverSettings) => !solverOf(solver).isPair,
  ]
  return criteria.reduce<readonly Solver[]>((left, criterion) => {
    const remaining = left.filter(criterion)
    return remaining.length > 0 ? remaining : left
  }, all)
}

/** What the figures of a study take besides its cells. */
export interface FigureCost {
  /** Network evaluations. */
  readonly evaluations: number
  /** Pictures decoded. */
  readonly pictures: number
}

/**
 * Returns what the figures of a study will take at most, before anything is measured: with the most expensive
 * settings that they may use.
 *
 * @param cells  the cells of the study; nothing is drawn if there are none
 * @param stops  number of its stops
 * @param steps  its numbers of steps
 */
export function costOfFigures(
  cells: readonly (SolverSettings & Costed)[],
  stops: number,
  steps: readonly number[],
): FigureCost {
  if (cells.length === 0 || stops === 0) return { evaluations: 0, pictures: 0 }
  const settings = figureCandidates(cells).reduce((dearest, cell) =>
    roundTripNfe(cell) > roundTripNfe(dearest) ? cell : dearest,
  )
  const drawn = [consistency, interpolation, grid].filter((figure) => figure.stops <= stops)
  return {
    evaluations: drawn.reduce((sum, figure) => sum + figure.nfe(settings, steps), 0),
    pictures: drawn.reduce((sum, figure) => sum + figure.pictures(steps), 0),
  }
}
