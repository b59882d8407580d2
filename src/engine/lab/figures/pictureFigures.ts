import type { SolverSettings } from '#core/diffusion/settings'
import type { LabFile } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import type { FramePlan } from '#shared/settings'
import { drawPictureTable } from '../../image/figure/pictureTable'
import type { Pixels } from '#core/picture/pixels'
import { nameSettings } from '../studyProgress'
import { latentsOf, renderPlan, type Studio } from './figureFrames'

/** A figure of pictures: which of the study's files it is, what it takes, and how it is drawn. */
export interface PictureFigure {
  readonly file: LabFile
  /** Pictures it needs. */
  readonly pictures: number
  /** Network evaluations, counted once a picture; to be shown as progress, so roughly is good enough. */
  nfe(settings: SolverSettings, steps: readonly number[]): number
  /** @returns PNG bytes */
  draw(studio: Studio, settings: SolverSettings, steps: readonly number[]): Promise<Uint8Array>
}

const seeds = [0, 1, 2, 3]

/** Section 5.2 of the paper: one x_T means one picture, however many steps it is decoded in. */
const consistency: PictureFigure = {
  file: 'consistency.png',
  pictures: 0,
  nfe: (settings, steps) => steps.reduce((sum, count) => sum + seeds.length * count, 0) * nfeAStep(settings),
  async draw(studio, settings, steps) {
    const { endTimestep, pictures } = studio.study
    const [{ class: classIndex }] = pictures
    const plan: FramePlan = {
      kind: 'list',
      latents: seeds.map((seed) => ({ kind: 'seed', seed, endTimestep, class: classIndex })),
    }
    const columns: Pixels[][] = []
    for (const count of steps) columns.push(await renderPlan(studio, plan, { ...settings, steps: count }))
    return drawPictureTable({
      title: 'One latent, many numbers of steps',
      subtitle: `Each row decodes one Gaussian x_{T} by ${settings.solver} on ${settings.timestepSpacing} spacing (paper, section 5.2)`,
      columns: steps.map((count) => `S = ${count}`),
      rows: seeds.map((seed) => `seed ${seed}`),
      pictures: seeds.map((_, row) => columns.map((column) => column[row])),
    })
  },
}

const frames = 9

/** Appendix D.5: the slerp path between the latents of two pictures. */
const interpolation: PictureFigure = {
  file: 'interpolation.png',
  pictures: 2,
  nfe: (settings) => (2 + frames) * settings.steps * nfeAStep(settings),
  async draw(studio, settings) {
    const plan: FramePlan = {
      kind: 'path',
      stops: latentsOf(studio.study, 2, settings),
      segments: [{ frames: frames - 1, easing: 'linear', interpolation: 'slerp' }],
    }
    return drawPictureTable({
      title: 'Slerp between two pictures',
      subtitle: `Encoded and decoded by ${nameSettings(settings)} (paper, appendix D.5)`,
      columns: Array.from({ length: frames }, (_, i) => (i / (frames - 1)).toFixed(3).replace(/\.?0+$/, '')),
      rows: [],
      pictures: [await renderPlan(studio, plan, settings)],
    })
  },
}

const side = 6

/** Appendix D.5: two-way slerp between the latents of four pictures. */
const grid: PictureFigure = {
  file: 'grid.png',
  pictures: 4,
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
      title: 'Slerp between four pictures',
      subtitle: `Encoded and decoded by ${nameSettings(settings)} (paper, appendix D.5)`,
      columns: [],
      rows: [],
      pictures: Array.from({ length: side }, (_, row) => pixels.slice(row * side, (row + 1) * side)),
    })
  },
}

/** Evaluations that a step takes one way, on average. */
function nfeAStep(settings: SolverSettings): number {
  return roundTripNfe(settings) / settings.steps / 2
}

/** The figures that a study with so many pictures gets. */
export function pictureFigures(pictures: number): PictureFigure[] {
  return [consistency, interpolation, grid].filter((figure) => figure.pictures <= pictures)
}
