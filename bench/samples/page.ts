import type { ComputeInfo } from '#shared/reports'
import { describeCompute } from '../../src/cli/output'
import { markdownTable } from '../results/tables'
import { type Cell, noises } from './cells'

/** A set of pictures beside the training pictures. */
export interface Measured {
  /** How many pictures it is of. */
  readonly count: number
  /** Sliced Wasserstein distances from the training pictures, RMS on pixels of [-1, 1]. */
  readonly pixels: number
  readonly pyramid: number
}

/** All that the page tells of. */
export interface SampleResults {
  /** The command that made it, to be repeated. */
  readonly command: string
  readonly model: { readonly id: string; readonly sha256: string }
  readonly compute: ComputeInfo
  readonly steps: readonly number[]
  /** Samples that a whole run makes for each cell; the page may be of fewer. */
  readonly wanted: number
  /** What the training pictures that all is measured against are, and their number. */
  readonly reference: { readonly source: string; readonly count: number }
  readonly cells: readonly (Cell & Measured)[]
  /** What pictures come to that are real. */
  readonly real: readonly (Measured & { readonly name: string })[]
  /** Seconds a sample at each number of steps, one after the other in the default batch. */
  readonly seconds: ReadonlyMap<number, number>
}

/** The results as Markdown. Every figure in it comes from the run. */
export function writePage(results: SampleResults): string {
  const { command, model, compute, steps, wanted, reference, cells, real } = results
  const [{ count }] = cells
  return `# Results: samples

How near are samples to the training pictures, by the randomness of the steps and their number? These are Tables 1 and 3 of the paper (Song, Meng,
Ermon 2021) in small. The page is written by a command, figures and all; it can be shared by many machines with \`--shard i/n\`:

\`\`\`sh
${command}
\`\`\`

## What was measured, on what, and how

Each cell is of ${count.toLocaleString('en')} samples of the model \`${model.id}\` (SHA-256 \`${model.sha256.slice(0, 16)}…\`), from the same seeds in every cell, by the paper's step on
linearly spaced timesteps, without clipping.${count < wanted ? ` **A whole run makes ${wanted.toLocaleString('en')}: these are those that were there when the page was written.**` : ''}
η = 0 is DDIM, η = 1 is DDPM, and σ̂ is DDPM with the larger variance (appendix D.3). The paper measures Fréchet distances of Inception features;
here they are sliced Wasserstein distances from ${reference.count.toLocaleString('en')} training pictures (${reference.source}): of pixels, and of textures at four sizes (the pyramid). Lower is nearer.
A set of ${count.toLocaleString('en')} pictures is at some distance from the training pictures whatever it is of; the rows of real pictures, as many as there are samples, tell what that comes to.${count < wanted ? ' Of so few, small differences are chance.' : ''}

## Distance from the training pictures, pixels

${table(results, ({ pixels }) => pixels.toFixed(4))}

## Distance from the training pictures, pyramid

${table(results, ({ pyramid }) => pyramid.toFixed(4))}

## Real pictures, for comparison

${markdownTable([
  ['', 'pictures', 'pixels', 'pyramid'],
  ...real.map(({ name, count: pictures, pixels, pyramid }) => [
    name,
    pictures.toLocaleString('en'),
    pixels.toFixed(4),
    pyramid.toFixed(4),
  ]),
])}

## Hours for 50,000 samples

As Figure 4 of the paper, on ${describeCompute(compute)}: time grows with S and with nothing else.

${hours(steps, results.seconds)}

## What it means

${sayBest(results)}
`
}

function table({ steps, cells }: SampleResults, show: (cell: Measured) => string): string {
  const rows = noises.map((noise) => [
    noise.name,
    ...steps.map((count) => show(cells.find((cell) => cell.noise === noise && cell.steps === count)!)),
  ])
  return markdownTable([['', ...steps.map((count) => `S = ${count}`)], ...rows])
}

function hours(steps: readonly number[], seconds: ReadonlyMap<number, number>): string {
  const perSample = steps.map((count) => seconds.get(count)!)
  return markdownTable([
    ['', ...steps.map((count) => `S = ${count}`)],
    ['seconds a sample', ...perSample.map((value) => value.toPrecision(2))],
    ['hours for 50,000', ...perSample.map((value) => ((value * 50_000) / 3600).toPrecision(2))],
  ])
}

/** Which row is nearest at each number of steps, in one sentence. */
function sayBest({ steps, cells }: SampleResults): string {
  const best = steps.map((count) => {
    const column = cells.filter((cell) => cell.steps === count)
    return `${column.reduce((a, b) => (b.pixels < a.pixels ? b : a)).noise.name} at S = ${count}`
  })
  return `By pixels, the nearest to the training pictures are ${new Intl.ListFormat('en').format(best)}.`
}
