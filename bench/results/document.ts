import { writeFile } from 'node:fs/promises'
import { format, resolveConfig } from 'prettier'
import type { LabReport } from '#shared/lab'
import { describeCompute } from '../../src/cli/output'
import { deviation, side, type ExactResults } from './closedForm'
import { compareWithPaper, sayExact, sayExactLatents, sayGaussian } from './meaning'
import type { DearParts } from './plan'
import { choiceTable, scientific } from './tables'

/** All that the document tells of. */
export interface Results {
  /** The command that made it, to be repeated. */
  readonly command: string
  /** Where the pictures are from, in words. */
  readonly source: string
  /** One a sweep of each part, that of all pictures first; all of one model. */
  readonly studies: readonly LabReport[]
  readonly dear: DearParts
  readonly exact: ExactResults
  readonly steps: readonly number[]
  /** Path of the curves, as seen from the document. */
  readonly curves: string
}

/** The results as Markdown. Every figure in it comes from the run. */
export function writeDocument({ command, source, studies, dear, exact, steps, curves }: Results): string {
  const [{ model, pictures, compute }] = studies
  const cells = studies.flatMap((study) => study.cells)
  const table = (show: Parameters<typeof choiceTable<(typeof cells)[number]>>[2]) =>
    choiceTable(cells, steps, show)
  return `# Results

Which solver, on which timestep spacing, in how many steps, reconstructs a picture best, and how Gaussian is the latent it went through? This
page is written by a command, figures and all:

\`\`\`sh
${command}
\`\`\`

## What was measured, on what, and how

${pictures.length} pictures, ${source}, were encoded to x_T and decoded back by the same solver, on the model \`${model.id}\` (SHA-256
\`${model.sha256.slice(0, 16)}…\`), on ${describeCompute(compute)}. ${sayFewPictures(pictures.length, dear)}S is the number of steps each way. Errors are mean
squared errors on [0, 1], as in Table 2 of the paper (Song, Meng, Ermon 2021). Solvers of one evaluation a step are compared
at equal cost; the column "evaluations" tells what a picture costs there and back, as counted during the run. The mean is made
by the few pictures that come back worst; the median tells of the usual one.

Solvers: \`ddim\` (the paper), \`ab2\` (Adams-Bashforth of two steps, which the paper suggests), \`2m\` (the same in log-SNR),
\`blended2m\` (\`2m\` with a finite distance to the clean picture, and where there is much noise its mean with \`dpm++2m\`), \`dpm++2m\` (on the predicted picture), \`heun\`, \`fixedPoint\` (DDIM's implicit step, swept three times), \`leapfrog\` (undoes
itself; its latent is a pair of states). Timesteps: \`linear\` and \`quadratic\` as in appendix D.2 of the paper, \`logSnr\` and
\`karras\` by noise level. All end at the last timestep.

![Error and standard deviation of x_T over evaluations](${curves})

## On the learned network

### Mean error

${table(({ mse }) => scientific(mse))}

### Median error

${table(({ medianMse }) => scientific(medianMse))}

### PSNR, dB

${table(({ psnr }) => psnr.toFixed(1))}

### Standard deviation of x_T

${table(({ latentStd }) => latentStd.toFixed(3))}

## On closed-form scores

Here the network is perfect: data is a mixture of ${pictures.length} Gaussians of standard deviation ${deviation} around the same pictures at
${side}×${side} (${3 * side * side} values), whose score has a closed form; one draw around each is encoded and decoded. What is left is the error of
the solver alone, and the true x_T is known, by Heun's method through every timestep.

### Mean error there and back

${choiceTable(exact.cells, steps, ({ mse }) => scientific(mse))}

### Distance of x_T from the true one, root mean square

${choiceTable(exact.cells, steps, ({ latentError }) => scientific(latentError))}

### Standard deviation of x_T (true: ${exact.trueStd.toFixed(3)})

${choiceTable(exact.cells, steps, ({ latentStd }) => latentStd.toFixed(3))}

## What it means

${compareWithPaper(cells, steps)}

${sayExact(cells, steps)}

${sayGaussian(cells, steps)}

${sayExactLatents(exact, steps)}
`
}

/** What was measured on fewer pictures, in one sentence; empty when nothing was. */
function sayFewPictures(count: number, { fineFrom, fineCount }: DearParts): string {
  if (fineCount >= count) return ''
  return `On ${fineCount} of them only, evenly spaced: solvers that evaluate the network more than once a step, and, of the paper's solvers and the presets', everything from S = ${fineFrom} on. `
}

/** Writes a document as Prettier would. */
export async function writeMarkdown(path: string, document: string): Promise<void> {
  const style = await resolveConfig(path, { editorconfig: true })
  await writeFile(path, await format(document, { ...style, parser: 'markdown' }))
}
