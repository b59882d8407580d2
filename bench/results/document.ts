import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import { formatMeanPsnr } from '#core/format/quantities'
import type { LabReport } from '#shared/lab'
import { describeCompute } from '../../src/cli/output'
import { deviation, side, type ExactResults } from './closedForm'
import {
  compareWithPaper,
  describeExact,
  describeExactLatents,
  describeGaussian,
  describeLostPictures,
} from './meaning'
import type { DearParts } from './plan'
import { choiceTable, scientific } from './tables'

/** Everything the document reports. */
export interface Results {
  /** The command that made it, for repeating it. */
  readonly command: string
  /** A description of where the pictures are from. */
  readonly source: string
  /** One study per sweep of each part, those of all pictures first; all of the same model. */
  readonly studies: readonly LabReport[]
  readonly dear: DearParts
  readonly exact: ExactResults
  readonly steps: readonly number[]
  /** Path of the curves, relative to the document. */
  readonly curves: string
}

/** Returns the results as Markdown. Every figure in it comes from the run. */
export function writeDocument({ command, source, studies, dear, exact, steps, curves }: Results): string {
  const [{ model, pictures, compute }] = studies
  const cells = studies.flatMap((study) => study.cells)
  const table = (show: Parameters<typeof choiceTable<(typeof cells)[number]>>[2]) =>
    choiceTable(cells, steps, show)
  return `# Results

Which solver, timestep spacing and number of steps reconstructs a picture best, and how Gaussian is the latent on the way?
This page is written by a command, tables and charts included:

\`\`\`sh
${command}
\`\`\`

## What was measured, on what, and how

${pictures.length} pictures, ${source}, were encoded to x_T and decoded back by the same solver, on the model \`${model.id}\` (SHA-256
\`${model.sha256.slice(0, 16)}…\`), on ${describeCompute(compute)}. ${describeFewPictures(pictures.length, dear)}S is the number of steps each way. Errors are mean
squared errors on [0, 1], as in Table 2 of the paper (Song, Meng, Ermon 2021). Solvers with one evaluation per step are compared
at equal cost; the column "evaluations" gives the cost of encoding and decoding a picture, as counted during the run.
The mean is dominated by the few pictures that are reconstructed worst; the median describes the typical picture.

Solvers: \`ddim\` (the paper's), \`ab2\` (two-step Adams-Bashforth, which the paper suggests), \`2m\` (the same in log-SNR),
\`blended2m\` (\`2m\` with the clean picture at a finite distance, averaged with \`dpm++2m\` at high noise levels), \`dpm++2m\` (on
the predicted picture), \`heun\`, \`fixedPoint\` (solves DDIM's implicit step in three sweeps), \`leapfrog\` (exactly reversible;
its latent is a pair of states). Timestep spacings: \`linear\` and \`quadratic\` as in appendix D.2 of the paper, but
rounded where it takes the floor, \`logSnr\` and \`karras\` by noise level. All end at the last timestep. A dash means "not measured".

![Error and standard deviation of x_T over evaluations](${curves})

## On the learned network

### Mean error

${table(({ mse }) => scientific(mse))}

### Median error

${table(({ medianMse }) => scientific(medianMse))}

### PSNR, dB

${table((cell) => formatMeanPsnr(cell, (psnr) => psnr.toFixed(1)))}

### Standard deviation of x_T

${table(({ latentStd }) => latentStd.toFixed(3))}

## On closed-form scores

Here the network is perfect: the data is a mixture of ${pictures.length} Gaussians with standard deviation ${deviation}, centred on the same pictures at
${side}×${side} (${3 * side * side} values), and its score has a closed form. One draw from each Gaussian is encoded and decoded. What remains is the error
of the solver alone, and the true x_T is known: Heun's method computes it through every timestep.

### Mean error there and back

${choiceTable(exact.cells, steps, ({ mse }) => scientific(mse))}

### Distance of x_T from the true one, root mean square

${choiceTable(exact.cells, steps, ({ latentError }) => scientific(latentError))}

### Standard deviation of x_T (true: ${exact.trueStd.toFixed(3)})

${choiceTable(exact.cells, steps, ({ latentStd }) => latentStd.toFixed(3))}

## What it means

${compareWithPaper(cells, steps)}

${describeLostPictures(cells, steps)}

${describeExact(cells, steps)}

${describeGaussian(cells, steps)}

${describeExactLatents(exact, steps)}
`
}

/** Says in one sentence what was measured on fewer pictures; empty if nothing was. */
function describeFewPictures(count: number, { fineFrom, fineCount }: DearParts): string {
  if (fineCount >= count) return ''
  return `Only ${fineCount} of them, evenly spaced, were used for the solvers that evaluate the network more than once per step, and for everything from S = ${fineFrom} on, where only the solvers of the paper and of the presets were measured. `
}

/** Writes a document, formatted by Prettier. */
export async function writeMarkdown(path: string, document: string): Promise<void> {
  const style = await resolveConfig(path, { editorconfig: true })
  await writeFile(path, await format(document, { ...style, parser: 'markdown' }))
}
