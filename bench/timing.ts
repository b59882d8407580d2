import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { frameDistances, leapsIn, unevenness } from '#core/timeline/frameDistances'
import { standardPreset } from '#shared/presets'
import { createFilmMaker, distancesBetween } from './films/filmMaker'
import { bundledModel } from './subjects'

const apples = ['apple-golden', 'apple-granny-smith', 'apple-red', 'apple-red-yellow']
const tomatoes = ['tomato-cherry-red', 'tomato-heart', 'tomato-yellow']
const pairs = apples.flatMap((apple) => tomatoes.map((tomato) => [apple, tomato] as const))
const frames = 61
const { name: preset, encode, decode } = standardPreset
/** All pairs in few steps, and some in as many as the app uses, to show that these do not decide. */
const films = [
  { steps: 20, pairs },
  { steps: decode.steps, pairs: pairs.filter((_, at) => at % 5 === 0) },
]
// One thread, so that the machine stays usable meanwhile.
const model = { path: bundledModel, threads: 1 }
const document = resolve('docs/even-timing.md')
const cache = resolve('test-results/timing')

/**
 * Writes a page of documentation: largest over mean step of films of 61 frames, as they are and timed evenly.
 */
export async function benchTiming(): Promise<void> {
  const tables = films.map(({ steps }) => ({ steps, rows: [] as string[] }))
  for (const [at, { steps, pairs }] of films.entries()) {
    for (const pair of pairs) {
      const row = await measurePair(pair, steps)
      tables[at].rows.push(row)
      console.log(`${steps} steps ${row}`)
      await writeFile(document, page(tables))
    }
  }
}

async function measurePair(pair: readonly string[], steps: number): Promise<string> {
  const films = createFilmMaker({ model, encode, decode: { ...decode, steps } }, cache)
  const plan = films.plan(
    pair.map((name) => resolve('resources/samples', `${name}.webp`)),
    frames,
  )
  const before = distancesBetween(await films.render(plan))
  const after = distancesBetween(await films.render(await films.timeEvenly(plan)))
  const cells = [pair.join(' → '), leapsIn(before.rmse).length > 0 ? 'yes' : 'no']
  for (const { id } of frameDistances) {
    cells.push(unevenness(before[id]).toFixed(2), unevenness(after[id]).toFixed(2))
  }
  return `| ${cells.join(' | ')} |`
}

interface Table {
  readonly steps: number
  readonly rows: readonly string[]
}

function tableOf({ steps, rows }: Table): string {
  const titles = frameDistances.flatMap(({ title }) => [`${title}, equal fractions`, `${title}, even`])
  return `Decoded in ${steps} steps:

| pair | leap | ${titles.join(' | ')} |
| --- | --- | ${titles.map(() => '---:').join(' | ')} |
${rows.join('\n')}
`
}

function page(tables: readonly Table[]): string {
  return `# Even timing

Slerp turns a latent at a constant speed, but the pictures do not change at a constant speed: often most of the change in a film
happens within a few frames. \`morph --timing even\`, and Even in the studio, place the frames so that each differs from the next
by the same amount.

The tables show the largest distance between neighbouring frames divided by the mean distance, where 1 is perfectly even: for films
of ${frames} frames at equal fractions of the path, and for the same films timed evenly by ${frameDistances[0].title}. A film has a leap if one
of its steps, measured by RMSE at equal fractions, is more than four times the mean. The goal, in the distance that a film is timed by,
is at most 3, and at most 1.6 without a leap. All films were made with the bundled model and encoded with the ${preset} preset.
This page is written by \`npm run bench timing\`.

${tables
  .filter(({ rows }) => rows.length > 0)
  .map(tableOf)
  .join('\n')}
## How

1. For measuring, frames are decoded in at most 20 steps, so a film with more steps differs slightly from what was measured. Each
   segment starts as 8 gaps. The widest gap, by the chosen distance, is split until there are as many frames as requested. A leap is split again
   and again, a calm stretch hardly at all.
2. The frames are moved to equal distances along the measured curve.
3. With several segments, the frames are first distributed among them by how much each segment changes.

The positions are stored in the document and in the provenance of every export, so a film that is resumed or made again is the same.
`
}
