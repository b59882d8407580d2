/**
 * `npm run results:films`: makes films between pictures of varieties that the model has not seen, and measures
 * how evenly they change; writes docs/results-films.md and the frames beside it.
 */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { copyInto, createPixels, type Pixels } from '#core/picture/pixels'
import type { Tensor } from '#core/diffusion/tensor'
import { frameDistances, leapsIn, unevenness } from '#core/timeline/frameDistances'
import { encodeWebp } from '#engine/image/encodePicture'
import { tensorToPixels } from '#engine/image/tensorPixels'
import { describeModel } from '#engine/model/folders/modelInfo'
import { limits } from '#shared/limits'
import { presetKindOf } from '#shared/bundledModels'
import { presetFor } from '#shared/presets'
import { locateModel, nodeEnvironment } from '../../src/cli/installation'
import { addModelOptions, type ModelOptions } from '../../src/cli/modelOptions'
import { wholeNumber } from '../../src/cli/parsers'
import { say } from '../../src/cli/terminal'
import { commandLine } from '../results/commandLine'
import { writeMarkdown } from '../results/document'
import { markdownTable } from '../results/tables'
import { createFilmMaker, distancesBetween, type FrameDistances } from './filmMaker'
import { choosePairs, type Pair } from './varieties'

interface FilmOptions extends ModelOptions {
  pictures: string
  pairs: number
  frames: number
  shown: number
  output: string
}

/** A film's distances at equal fractions of the path, and timed evenly. */
interface Film {
  readonly pair: Pair
  readonly equal: FrameDistances
  readonly even: FrameDistances
}

const command = new Command('npm run results:films --')
  .description('write docs/results-films.md; an interrupted run goes on where it was')
  .requiredOption(
    '--pictures <zip>',
    'pictures held out from training, a folder of the archive for each variety',
  )
  .option('--pairs <count>', 'how many films', wholeNumber({ min: 1, max: 100 }), 12)
  .option('--frames <count>', 'frames of each', wholeNumber(limits.frames), 61)
  .option('--shown <count>', 'how many of them are shown', wholeNumber({ min: 2, max: 61 }), 11)
  .option('-o, --output <file>', 'the document', 'docs/results-films.md')

addModelOptions(command).action(async (options: FilmOptions) => {
  const path = resolve(locateModel(nodeEnvironment(), options.model))
  const model = await describeModel({ path })
  const { name, encode, decode } = presetFor(presetKindOf(model.info), 'standard')
  const archive = resolve(options.pictures)
  const identity = createHash('sha256')
    .update(JSON.stringify([path, archive]))
    .digest('hex')
    .slice(0, 12)
  const work = resolve('out/results', `films-${identity}`)
  const maker = createFilmMaker(
    { model: { path, threads: options.threads }, encode, decode },
    join(work, 'cache'),
  )
  const films: Film[] = []
  const rows: Pixels[][] = []
  for (const pair of await choosePairs(archive, options.pairs, join(work, 'pictures'))) {
    const plan = maker.plan(pair.pictures, options.frames)
    const frames = await maker.render(plan)
    const even = await maker.render(await maker.timeEvenly(plan))
    films.push({ pair, equal: distancesBetween(frames), even: distancesBetween(even) })
    rows.push(takeShown(frames, options.shown).map(tensorToPixels))
    say(rowOf(films.at(-1)!).join(' | '))
  }
  const picture = options.output.replace(/\.md$/, '.webp')
  await writeFile(resolve(picture), await encodeWebp(tile(rows), 85))
  const about = `the model \`${model.info.id}\` (SHA-256 \`${model.info.sha256.slice(0, 16)}…\`), ${name} preset: ${encode.steps} steps to encode and ${decode.steps} to decode, ${encode.solver} on ${encode.timestepSpacing} timesteps`
  await writeMarkdown(resolve(options.output), page(options, { about, films, picture }))
  say(options.output)
})

/** Frames at equal distances, the first and the last among them. */
function takeShown(frames: readonly Tensor[], count: number): Tensor[] {
  return Array.from(
    { length: count },
    (_, at) => frames[Math.round((at * (frames.length - 1)) / (count - 1))],
  )
}

/** Puts rows of equal pictures below each other. */
function tile(rows: readonly (readonly Pixels[])[]): Pixels {
  const [{ width, height }] = rows[0]
  const all = createPixels(width * rows[0].length, height * rows.length)
  rows.forEach((pictures, row) =>
    pictures.forEach((picture, column) => copyInto(all, picture, column * width, row * height)),
  )
  return all
}

function rowOf({ pair, equal, even }: Film): string[] {
  const figures = frameDistances.flatMap(({ id }) => [unevenness(equal[id]), unevenness(even[id])])
  const leaps = leapsIn(equal.rmse).length > 0 ? 'yes' : 'no'
  return [pair.names.join(' → '), leaps, ...figures.map((figure) => figure.toFixed(2))]
}

function page(
  options: FilmOptions,
  { about, films, picture }: { about: string; films: readonly Film[]; picture: string },
): string {
  const titles = frameDistances.flatMap(({ title }) => [`${title}, equal fractions`, `${title}, even timing`])
  const largest = frameDistances.flatMap(({ id }) => [
    Math.max(...films.map(({ equal }) => unevenness(equal[id]))),
    Math.max(...films.map(({ even }) => unevenness(even[id]))),
  ])
  const table = markdownTable([
    ['pair', 'leap', ...titles],
    ...films.map(rowOf),
    ['**largest**', '', ...largest.map((figure) => `**${figure.toFixed(2)}**`)],
  ])
  return `# Films between pictures the model has not seen

${films.length} films of ${options.frames} frames, each the slerp path between the latents of two pictures. The pictures are of different varieties, none
of which was in training: the middle picture of each folder of \`${basename(options.pictures)}\`. This page and its picture are written by a command:

\`\`\`sh
${commandLine('results:films', process.argv.slice(2))}
\`\`\`

Made with ${about}.

![${options.shown} of the ${options.frames} frames of each film, a row for each](${relative(dirname(options.output), picture)})

Each row shows ${options.shown} frames of one film, at equal distances.

## How evenly the films change

The largest distance between neighbouring frames divided by the mean distance; 1 is perfectly even. Frames are at equal fractions
of the path, or placed by [even timing](even-timing.md), which measures by ${frameDistances[0].title}. A film has a leap if one of its steps, measured by RMSE
at equal fractions, is more than four times the mean.

${table}
`
}

await command.parseAsync()
