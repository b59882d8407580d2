import type { ComputeInfo } from '#shared/reports'
import { bundledModels } from '#shared/bundledModels'
import { describeCompute } from '../../src/cli/output'
import { markdownTable } from '../results/tables'
import { type Cell, noises } from './cells'

/** A set of pictures, compared with the training pictures. */
export interface Measured {
  /** The number of pictures in the set. */
  readonly count: number
  /** Sliced Wasserstein distances from the training pictures, RMS on pixels of [-1, 1]. */
  readonly pixels: number
  readonly pyramid: number
}

/** Everything that the page reports. */
export interface SampleResults {
  /** The command that repeats the run. */
  readonly command: string
  readonly model: { readonly id: string; readonly sha256: string }
  readonly compute: ComputeInfo
  readonly steps: readonly number[]
  /** The number of samples in each cell of a complete run; the page may use fewer. */
  readonly wanted: number
  /** The training pictures that everything is compared with, and their number. */
  readonly reference: { readonly source: string; readonly count: number }
  readonly cells: readonly (Cell & Measured)[]
  /** Real pictures, measured in the same way. */
  readonly real: readonly (Measured & { readonly name: string })[]
  /** Seconds per sample at each number of steps, in the default batch. */
  readonly seconds: ReadonlyMap<number, number>
}

/** Writes the results as Markdown. Every figure in it comes from the run. */
export function writePage(results: SampleResults): string {
  const { command, model, compute, steps, wanted, reference, cells, real } = results
  const [{ count }] = cells
  return `# Results: samples

How do the randomness and the number of steps affect the distance of samples from the training pictures? This page repeats
Tables 1 and 3 of the paper (Song, Meng, Ermon 2021) on a small scale. It is written by a command, tables and charts included, and many
machines can share the work with \`--shard i/n\`:

\`\`\`sh
${command}
\`\`\`

## What was measured, on what, and how

Each cell has ${count.toLocaleString('en')} samples of the model \`${model.id}\` (SHA-256 \`${model.sha256.slice(0, 16)}…\`${editionOf(model)}), drawn from the same seeds in
every cell, with the paper's step on linearly spaced timesteps and without clipping.${count < wanted ? ` **A complete run has ${wanted.toLocaleString('en')} in each cell; this page uses the samples available so far.**` : ''}
η = 0 is DDIM, η = 1 is DDPM, and σ̂ is DDPM with the larger variance (appendix D.3). The paper measures Fréchet distances of
Inception features. Here, distances are sliced Wasserstein distances from ${reference.count.toLocaleString('en')} training pictures (${reference.source}), in
pixels and in textures at four sizes (the pyramid). Lower is nearer. Any finite set of pictures is some distance away from the training
pictures; the rows of as many real pictures show how large that distance is.${count < wanted ? ' With this few samples, small differences are chance.' : ''}

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

As in Figure 4 of the paper, on ${describeCompute(compute)}. Every step evaluates the network once; a latent model then decodes each state, which takes the same time at every S.

${hours(steps, results.seconds)}

## What it means

${describeBest(results)}
`
}

/** Says that a model of a bundled name is not the one that is bundled. */
function editionOf({ id, sha256 }: SampleResults['model']): string {
  const isOther = bundledModels.some((bundled) => bundled.id === id && bundled.sha256 !== sha256)
  return isOther ? ', an earlier edition of the bundled model' : ''
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

/** Returns a sentence that names the nearest row at each number of steps. */
function describeBest({ steps, cells }: SampleResults): string {
  const nearest = steps.map((count) => {
    const column = cells.filter((cell) => cell.steps === count)
    return column.reduce((a, b) => (b.pixels < a.pixels ? b : a)).noise.name
  })
  if (new Set(nearest).size === 1)
    return `In pixels, ${nearest[0]} is nearest to the training pictures at every number of steps.`
  const rows = nearest.map((name, at) => `${name} at S = ${steps[at]}`)
  return `In pixels, the rows nearest to the training pictures are ${new Intl.ListFormat('en').format(rows)}.`
}
