import { noiseStd } from '#core/diffusion/latentStatistics'
import type { LabCell } from '#shared/lab'
import { presetFor } from '#shared/presets'
import type { ExactResults } from './closedForm'
import { solverChoices, type SolverChoice } from './solverChoices'
import { findCell, markdownTable, nameOf, scientific } from './tables'

const paperChoices: readonly SolverChoice[] = [
  { solver: 'ddim', timestepSpacing: 'linear' },
  { solver: 'ddim', timestepSpacing: 'quadratic' },
]

/** The solver of a preset. */
export function presetChoice(id: 'standard' | 'exact'): SolverChoice & { readonly name: string } {
  const { name, encode } = presetFor('pixels', id)
  return { name, solver: encode.solver, timestepSpacing: encode.timestepSpacing }
}

/** The better of the paper's two choices at a number of steps, if either was measured. */
function betterOfPaper(cells: readonly LabCell[], steps: number): LabCell | undefined {
  const choices = paperChoices.flatMap((choice) => findCell(cells, choice, steps) ?? [])
  return choices.sort((a, b) => a.mse - b.mse)[0]
}

/** Compares the Standard preset's solver with the paper's, for each S. */
export function compareWithPaper(cells: readonly LabCell[], steps: readonly number[]): string {
  const standard = presetChoice('standard')
  const rows = steps.flatMap((count) => {
    const paper = betterOfPaper(cells, count)
    const ours = findCell(cells, standard, count)
    if (!paper || !ours) return []
    return [
      [
        String(count),
        `${nameOf(paper)}: ${scientific(paper.mse)}`,
        scientific(ours.mse),
        `${ratioText(paper.mse / ours.mse)}×`,
        `${ratioText(paper.medianMse / ours.medianMse)}×`,
        ours.latentStd.toFixed(3),
      ],
    ]
  })
  const heading = [
    'S',
    'better DDIM',
    `${standard.name}: ${nameOf(standard)}`,
    'smaller by',
    'medians',
    'its x_T std',
  ]
  return `The solver of the ${standard.name} preset against the better of the paper's two choices, for the same number of evaluations:\n\n${markdownTable([heading, ...rows])}`
}

/** How many times smaller, to two digits. */
export function ratioText(ratio: number): string {
  return ratio < 10 ? ratio.toPrecision(2) : ratio.toFixed(0)
}

/**
 * Says in one sentence that more steps do not help every picture, if the mean error of the Standard preset's solver
 * grows with them; empty otherwise.
 */
export function describeLostPictures(cells: readonly LabCell[], steps: readonly number[]): string {
  const standard = presetChoice('standard')
  const measured = steps.flatMap((count) => findCell(cells, standard, count) ?? [])
  const best = measured.reduce((least, cell) => (cell.mse < least.mse ? cell : least))
  const worse = measured.findLast((cell) => cell.steps > best.steps && cell.mse > 2 * best.mse)
  if (!worse) return ''
  return `More steps do not help every picture: at S = ${worse.steps}, the mean error of ${nameOf(standard)} is ${scientific(worse.mse)}, against ${scientific(best.mse)} at S = ${best.steps}, although the median is ${scientific(worse.medianMse)}. The steps do not follow the path of a few pictures, which need the ${presetChoice('exact').name} preset.`
}

/** Says in one sentence what the exact solver achieves. */
export function describeExact(cells: readonly LabCell[], steps: readonly number[]): string {
  const exact = presetChoice('exact')
  const worst = Math.max(...steps.map((count) => findCell(cells, exact, count)?.mse ?? Infinity))
  return `The solver of the ${exact.name} preset, ${nameOf(exact)}, reconstructs with a mean squared error of at most ${scientific(worst)} for every S: its steps are exactly reversible, and what remains is the rounding of the picture to the solver's grid.`
}

/** Says for each solver from which S on latents count as Gaussian draws. */
export function describeGaussian(cells: readonly LabCell[], steps: readonly number[]): string {
  const rows = solverChoices.map((choice) => {
    const measured = steps.flatMap((count) => findCell(cells, choice, count) ?? [])
    const isNoise = ({ latentStd }: LabCell) => latentStd >= noiseStd.low && latentStd <= noiseStd.high
    const first = measured.find((_, i) => measured.slice(i).every(isNoise))
    return [nameOf(choice), first ? `S = ${first.steps}` : `not up to S = ${measured.at(-1)?.steps}`]
  })
  return `A low error does not imply a good latent. The table shows from which S on the mean standard deviation of x_T stays between ${noiseStd.low} and ${noiseStd.high}:\n\n${markdownTable([['solver, timestep spacing', 'from'], ...rows])}`
}

/** Says which solver comes nearest to the true latent, and where the one that reconstructs best ends up. */
export function describeExactLatents({ cells, trueStd }: ExactResults, steps: readonly number[]): string {
  const lines = steps.map((count) => {
    const here = cells.filter((cell) => cell.steps === count)
    const nearest = here.reduce((best, cell) => (cell.latentError < best.latentError ? cell : best))
    const truest = here.reduce((best, cell) => (cell.mse < best.mse ? cell : best))
    return [
      String(count),
      `${nameOf(nearest)}: ${scientific(nearest.latentError)}`,
      `${nameOf(truest)}: ${scientific(truest.mse)}`,
      scientific(truest.latentError),
    ]
  })
  const heading = ['S', 'nearest to the true x_T, distance', 'comes back best, error', 'distance of its x_T']
  return `On closed-form scores, the true x_T have a standard deviation of ${trueStd.toFixed(3)}. Reconstructing the picture and reaching the true x_T are two different things:\n\n${markdownTable([heading, ...lines])}`
}
