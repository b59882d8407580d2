import type { SolverSettings } from '#core/diffusion/settings'
import type { LabStudy } from '#shared/lab'
import * as figures from '#shared/labFigures'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { drawPictureTable } from '../../image/figure/pictureTable'
import type { Pixels } from '#core/picture/pixels'
import type { AskedCondition } from '../../job/conditionOf'
import { solverSettingsName } from '#core/format/solverNames'
import { sourceName } from '#shared/sourceName'
import { latentsOf, latentStopsOf, renderPlan, type Studio } from './figureFrames'

/** A figure of pictures, and how it is drawn. */
export interface PictureFigure extends figures.LabFigure {
  /** @returns PNG bytes */
  draw(studio: Studio, settings: SolverSettings, steps: readonly number[]): Promise<Uint8Array>
}

/**
 * Returns the latents that the rows of the figure start from: those among the stops, or, if all stops are
 * pictures, seeds of the first one's class or prompts.
 */
function rowsOf(study: LabStudy): LatentSource[] {
  const latents = latentStopsOf(study)
  if (latents.length > 0) return latents.slice(0, figures.consistencyRows)
  const [first] = study.stops
  const { endTimestep } = study
  const asked: AskedCondition = first.kind === 'picture' ? first : {}
  return Array.from({ length: figures.consistencyRows }, (_, seed) => ({
    kind: 'seed',
    seed,
    endTimestep,
    class: asked.class,
    prompt: asked.prompt,
    sourcePrompt: asked.sourcePrompt,
  }))
}

const consistency: PictureFigure = {
  ...figures.consistency,
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

const { interpolationFrames: frames, gridSide: side } = figures

const interpolation: PictureFigure = {
  ...figures.interpolation,
  async draw(studio, settings) {
    const plan: FramePlan = {
      kind: 'path',
      stops: latentsOf(studio.study, 2, settings),
      segments: [{ frames: frames - 1, easing: 'linear', interpolation: 'slerp' }],
    }
    return drawPictureTable({
      title: 'Slerp between two latents',
      subtitle: `Encoded and decoded by ${solverSettingsName(settings)} (paper, appendix D.5)`,
      columns: Array.from({ length: frames }, (_, i) => (i / (frames - 1)).toFixed(3).replace(/\.?0+$/, '')),
      rows: [],
      pictures: [await renderPlan(studio, plan, settings)],
    })
  },
}

const grid: PictureFigure = {
  ...figures.grid,
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
      subtitle: `Encoded and decoded by ${solverSettingsName(settings)} (paper, appendix D.5)`,
      columns: [],
      rows: [],
      pictures: Array.from({ length: side }, (_, row) => pixels.slice(row * side, (row + 1) * side)),
    })
  },
}

/** Returns the figures for a study with this number of stops. */
export function pictureFigures(stops: number): PictureFigure[] {
  return [consistency, interpolation, grid].filter((figure) => figure.stops <= stops)
}
