import type { SolverSettings } from '#core/diffusion/settings'
import type { LabFile, LabStudy } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { drawPictureTable } from '../../image/figure/pictureTable'
import type { Pixels } from '#core/picture/pixels'
import { nameSettings } from '../studyProgress'
import { sourceName } from '#shared/sourceName'
import { latentsOf, latentStopsOf, renderPlan, type Studio } from './figureFrames'

/** A figure of pictures: its file in the study, what it requires, and how it is drawn. */
export interface PictureFigure {
  readonly file: LabFile
  /** Number of stops that it needs. */
  readonly stops: number
  /**
   * Network evaluations, where a batch of n pictures counts n times. Used for progress only, so an estimate
   * is good enough.
   */
  nfe(settings: SolverSettings, steps: readonly number[]): number
  /** @returns PNG bytes */
  draw(studio: Studio, settings: SolverSettings, steps: readonly number[]): Promise<Uint8Array>
}

const rows = 4

/**
 * Returns the latents that the rows of the figure start from: those among the stops, or seeds if all stops
 * are pictures.
 */
function rowsOf(study: LabStudy): LatentSource[] {
  const latents = latentStopsOf(study)
  if (latents.length > 0) return latents.slice(0, rows)
  const [first] = study.stops
  const { endTimestep } = study
  const condition = 'class' in first ? { class: first.class } : {}
  return Array.from({ length: rows }, (_, seed) => ({ kind: 'seed', seed, endTimestep, ...condition }))
}

/** Section 5.2 of the paper: one x_T gives one picture, however many steps it is decoded in. */
const consistency: PictureFigure = {
  file: 'consistency.png',
  stops: 0,
  nfe: (settings, steps) => steps.reduce((sum, count) => sum + rows * count, 0) * nfeAStep(settings),
  async draw(studio, settings, steps) {
    const latents = rowsOf(studio.study)
    const plan: FramePlan = { kind: 'list', latents }
    const columns: Pixels[][] = []
    for (const count of steps) columns.push(await renderPlan(studio, plan, { ...settings, steps: count }))
    return drawPictureTable({
      title: 'One latent, many numbers of steps',
      subtitle: `Each row decodes one x_{T} by ${settings.solver} on ${settings.timestepSpacing} spacing (paper, section 5.2)`,
      columns: steps.map((count) => `S = ${count}`),
      rows: latents.map(sourceName),
      pictures: latents.map((_, row) => columns.map((column) => column[row])),
    })
  },
}

const frames = 9

/** Appendix D.5: the slerp path between the latents of two stops. */
const interpolation: PictureFigure = {
  file: 'interpolation.png',
  stops: 2,
  nfe: (settings) => (2 + frames) * settings.steps * nfeAStep(settings),
  async draw(studio, settings) {
    const plan: FramePlan = {
      kind: 'path',
      stops: latentsOf(studio.study, 2, settings),
      segments: [{ frames: frames - 1, easing: 'linear', interpolation: 'slerp' }],
    }
    return drawPictureTable({
      title: 'Slerp between two latents',
      subtitle: `Encoded and decoded by ${nameSettings(settings)} (paper, appendix D.5)`,
      columns: Array.from({ length: frames }, (_, i) => (i / (frames - 1)).toFixed(3).replace(/\.?0+$/, '')),
      rows: [],
      pictures: [await renderPlan(studio, plan, settings)],
    })
  },
}

const side = 6

/** Appendix D.5: two-way slerp between the latents of four stops. */
const grid: PictureFigure = {
  file: 'grid.png',
  stops: 4,
  nfe: (settings) => (4 + side * side) * settings.steps * nfeAStep(settings),
  async draw(studio, settings) {
    const plan: FramePlan = {
      kind: 'grid',
      corners: latentsOf(studio.study, 4, settings),
      columns: side,
      rows: side,
    }
    const pixels = await renderPlan(studio, plan, settings)
    return drawPictureTable({
      title: 'Slerp between four latents',
      subtitle: `Encoded and decoded by ${nameSettings(settings)} (paper, appendix D.5)`,
      columns: [],
      rows: [],
      pictures: Array.from({ length: side }, (_, row) => pixels.slice(row * side, (row + 1) * side)),
    })
  },
}

/** Average evaluations per step in one direction. */
function nfeAStep(settings: SolverSettings): number {
  return roundTripNfe(settings) / settings.steps / 2
}

/** Returns the figures for a study with this number of stops. */
export function pictureFigures(stops: number): PictureFigure[] {
  return [consistency, interpolation, grid].filter((figure) => figure.stops <= stops)
}
