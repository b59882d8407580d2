/**
 * `npm run results:latent`: measures the two-part fidelity of a latent-diffusion model on held-out pictures;
 * writes docs/results-latent.md.
 */
import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { Command } from 'commander'
import { meanOf } from '#core/numbers/mean'
import { psnrOf } from '#core/diffusion/fidelity'
import { formatMeanPsnr } from '#core/format/quantities'
import type { LabCell, LabReport } from '#shared/lab'
import { limits } from '#shared/limits'
import { withEngine } from '../../src/cli/engineCall'
import { nodeEnvironment } from '../../src/cli/installation'
import { addModelOptions, modelOf, type ModelOptions } from '../../src/cli/modelOptions'
import { describeCompute } from '../../src/cli/output'
import { listOf, wholeNumber } from '../../src/cli/parsers'
import { say } from '../../src/cli/terminal'
import { ensureBuilt } from '../../tools/ensureBuilt.mjs'
import { commandLine } from './commandLine'
import { writeMarkdown } from './document'
import { presetChoice, ratioText } from './meaning'
import { choosePictures, sourceInWords } from './pictures'
import { measurePresets, presetTable, type MeasuredPreset } from './presetTable'
import type { Sweep } from './solverChoices'
import { runStudies } from './studies'
import { choiceTable, findCell, markdownTable, nameOf, scientific } from './tables'

interface LatentOptions extends ModelOptions {
  pictures: string
  count: number
  steps: number[]
  batch: number
  about: string
  output: string
}

const root = resolve(import.meta.dirname, '../..')
const ddim = { solver: 'ddim', timestepSpacing: 'linear' } as const
const sweeps: readonly Sweep[] = [
  { solvers: ['ddim'], timestepSpacings: ['linear'] },
  { solvers: ['2m', 'blended2m', 'leapfrog'], timestepSpacings: ['karras'] },
]

const command = new Command('npm run results:latent --')
  .description(
    'write docs/results-latent.md from studies of the Lab; an interrupted run goes on where it was',
  )
  .requiredOption('--pictures <path>', 'folder or zip archive, held out from training')
  .requiredOption('--about <sentences>', 'what the page says of the model')
  .option('--count <number>', 'how many of them, evenly spaced', wholeNumber(limits.studyPictures), 32)
  .option(
    '--steps <list>',
    'numbers of steps',
    listOf(wholeNumber({ ...limits.steps, min: 2 })),
    [10, 12, 16, 20, 50],
  )
  .option('--batch <count>', 'pictures in one network call', wholeNumber(limits.batch), 8)
  .option('-o, --output <file>', 'the document', 'docs/results-latent.md')

addModelOptions(command).action(async (options: LatentOptions) => {
  await ensureBuilt()
  const { model, count, steps, batch, threads } = options
  const identity = JSON.stringify([model, resolve(options.pictures), count, steps, batch, threads])
  const name = createHash('sha256').update(identity).digest('hex').slice(0, 12)
  const work = join(root, 'out/results', `latent-${name}`)
  const pictures = await choosePictures(options.pictures, count, join(work, 'pictures'))
  const [studies, presets] = await withEngine(nodeEnvironment(), async (call) => [
    await runStudies(call, options, [{ pictures, steps, sweeps }], work),
    await measurePresets(call, modelOf(nodeEnvironment(), options), pictures),
  ])
  await writeMarkdown(resolve(options.output), write(options, studies, presets))
  say(options.output)
})

function write(
  options: LatentOptions,
  studies: readonly LabReport[],
  presets: readonly MeasuredPreset[],
): string {
  const [{ model, pictures, compute }] = studies
  const cells = studies.flatMap((study) => study.cells)
  const [{ autoencoderMse }] = cells
  if (autoencoderMse === null) throw new Error(`"${model.id}" is a model of pixels: take npm run results.`)
  const table = (show: (cell: LabCell) => string) => choiceTable(cells, options.steps, show)
  const decibels = (mse: number) => psnrOf(mse).toFixed(1)
  const alone = meanOf(presets[0].autoencoder.map(psnrOf))
  const heldOut = `${pictures.length} held-out pictures, ${sourceInWords(options, pictures.length)}`
  // The page says below what it is told of the model.
  const words = process.argv.slice(2).map((word) => word.replace(options.about, '…'))
  return `# Results of a latent model

How well latent diffusion reconstructs a picture, in two parts: what the autoencoder alone loses, and what the inversion adds.
This page is written by a command, tables and charts included:

\`\`\`sh
${commandLine('results:latent', words)}
\`\`\`

**The model.** ${options.about} SHA-256 of its configuration and weights: \`${model.sha256.slice(0, 16)}…\`.

${heldOut}, were encoded to x_T and decoded back by the same solver, on ${describeCompute(compute)}. S is the
number of steps each way; the column "evaluations" gives the cost of encoding and decoding a picture. Errors are mean squared errors
on [0, 1]. The PSNR of the inversion at each S is computed from its mean error; every other is a mean over the pictures.

## The presets

Each picture by itself, as in the window. Evaluations are those of encoding + decoding; every PSNR is a mean over the pictures.
The inversion is measured against the autoencoder's own reconstruction of each picture, and both together against the picture.

${presetTable(presets)}

Encoding may take more steps than decoding: a picture is encoded once, and a latent is decoded for every frame of a film.

## The autoencoder alone

Mean squared error ${scientific(autoencoderMse)}, mean PSNR ${alone.toFixed(1)} dB: what an exact inversion reaches. A model card made by \`tools/train\` has figures of its
own: of the first picture of each of as many stretches of names, where this document takes the middle one.

## The inversion alone

Measured against the autoencoder's own reconstruction of each picture.

### Mean squared error

${table(({ inversionMse }) => scientific(inversionMse!))}

### PSNR, dB

${table(({ inversionMse }) => decibels(inversionMse!))}

## Both together

### PSNR, dB

${table((cell) => formatMeanPsnr(cell, (psnr) => psnr.toFixed(1)))}

## Standard deviation of x_T

${table(({ latentStd }) => latentStd.toFixed(3))}

## At equal evaluations

${compareWithDdim(cells, options.steps)}
`
}

/** Compares the Standard preset's solver with DDIM, for each S. */
function compareWithDdim(cells: readonly LabCell[], steps: readonly number[]): string {
  const standard = presetChoice('standard')
  const rows = steps.map((count) => {
    const [before, now] = [ddim, standard].map((choice) => findCell(cells, choice, count)!.inversionMse!)
    return [`${count}`, scientific(before), scientific(now), `${ratioText(before / now)}×`]
  })
  const heading = ['S', nameOf(ddim), `${standard.name}: ${nameOf(standard)}`, 'smaller by']
  return `Mean squared error of the inversion alone, with DDIM and with the solver of the ${standard.name} preset:\n\n${markdownTable([heading, ...rows])}`
}

await command.parseAsync()
