import type { SolverSettings } from '#core/diffusion/settings'
import type { LabFile } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import type { FramePlan } from '#shared/settings'
import { drawPictureTable } from '../../image/figure/pictureTable'
import type { Pixels } from '../../image/pixels'
import { nameRule } from '../studyProgress'
import { latentsOf, renderPlan, type Studio } from './figureFrames'

/** A figure of pictures: which of the study's files it is, what it takes, and how it is drawn. */
export interface PictureFigure {
  readonly file: LabFile
  /** Pictures it needs. */
  readonly pictures: number
  /** Network evaluations, counted once a picture; to be shown as progress, so roughly is good enough. */
  price(rule: SolverSettings, steps: readonly number[]): number
  /** @returns PNG bytes */
  draw(studio: Studio, rule: SolverSettings, steps: readonly number[]): Promise<Uint8Array>
}

const seeds = [0, 1, 2, 3]

/** Section 5.2 of the paper: one x_T means one picture, however many steps it is decoded in. */
const consistency: PictureFigure = {
  file: 'consistency.png',
  pictures: 0,
  price: (rule, steps) => steps.reduce((sum, count) => sum + seeds.length * count, 0) * stepPrice(rule),
  async draw(studio, rule, steps) {
    const { endTimestep } = studio.study
    const plan: FramePlan = {
      kind: 'list',
      latents: seeds.map((seed) => ({ kind: 'seed', seed, endTimestep })),
    }
    const columns: Pixels[][] = []
    for (const count of steps) columns.push(await renderPlan(studio, plan, { ...rule, steps: count }))
    return drawPictureTable({
      title: 'One latent, many numbers of steps',
      subtitle: `Each row decodes one Gaussian x_{T} by ${rule.solver} on ${rule.timestepSpacing} spacing (paper, section 5.2)`,
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
  price: (rule) => (2 + frames) * rule.steps * stepPrice(rule),
  async draw(studio, rule) {
    const plan: FramePlan = {
      kind: 'path',
      stops: latentsOf(studio.study, 2, rule),
      segments: [{ frames: frames - 1, easing: 'linear', interpolation: 'slerp' }],
    }
    return drawPictureTable({
      title: 'Slerp between two pictures',
      subtitle: `Encoded and decoded by ${nameRule(rule)} (paper, appendix D.5)`,
      columns: Array.from({ length: frames }, (_, i) => (i / (frames - 1)).toFixed(3).replace(/\.?0+$/, '')),
      rows: [],
      pictures: [await renderPlan(studio, plan, rule)],
    })
  },
}

const side = 6

/** Appendix D.5: two-way slerp between the latents of four pictures. */
const grid: PictureFigure = {
  file: 'grid.png',
  pictures: 4,
  price: (rule) => (4 + side * side) * rule.steps * stepPrice(rule),
  async draw(studio, rule) {
    const plan: FramePlan = {
      kind: 'grid',
      corners: latentsOf(studio.study, 4, rule),
      columns: side,
      rows: side,
    }
    const pixels = await renderPlan(studio, plan, rule)
    return drawPictureTable({
      title: 'Slerp between four pictures',
      subtitle: `Encoded and decoded by ${nameRule(rule)} (paper, appendix D.5)`,
      columns: [],
      rows: [],
      pictures: Array.from({ length: side }, (_, row) => pixels.slice(row * side, (row + 1) * side)),
    })
  },
}

/** Evaluations a step of a rule takes one way, on average. */
function stepPrice(rule: SolverSettings): number {
  return roundTripNfe(rule) / rule.steps / 2
}

/** The figures that a study with so many pictures gets. */
export function pictureFigures(pictures: number): PictureFigure[] {
  return [consistency, interpolation, grid].filter((figure) => figure.pictures <= pictures)
}
