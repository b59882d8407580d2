/**
 * `npm run results:samples`: makes samples for every cell of the paper's Tables 1 and 3, measures their distance from
 * training pictures, and writes docs/results-samples.md. With `--shard i/n` it only makes its share of the samples.
 */
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { Command } from 'commander'
import { format, resolveConfig } from 'prettier'
import type { BatchReport, Shard } from '#shared/batch'
import { limits } from '#shared/limits'
import { openPictureSet } from '#engine/distance/pictureSet'
import { openSetSlicer } from '#engine/distance/sliceSet'
import { Pictures } from '#engine/image/Pictures'
import { withEngine, type EngineCall } from '../../src/cli/engineCall'
import { nodeEnvironment } from '../../src/cli/installation'
import { addModelOptions, modelOf, type ModelOptions } from '../../src/cli/modelOptions'
import { listOf, wholeNumber } from '../../src/cli/parsers'
import { addShardOption } from '../../src/cli/shards'
import { say } from '../../src/cli/terminal'
import { ensureBuilt } from '../../tools/ensureBuilt.mjs'
import { commandLine } from '../results/commandLine'
import { choosePictures, takeEvenly } from '../results/pictures'
import { type Cell, cellsOf, decodeSettingsOf, noises } from './cells'
import { type Measured, writePage } from './page'

interface SamplesOptions extends ModelOptions {
  training: string
  heldOut: string
  without: string[]
  count: number
  steps: number[]
  shard?: Shard
  write?: boolean
  output: string
}

/** The number of training pictures that everything is compared with. */
const referenceCount = 2000
/** The number of samples that each time is measured on. */
const timedCount = 16

const root = resolve(import.meta.dirname, '../..')
const installation = nodeEnvironment()

const command = new Command('npm run results:samples --')
  .description('write docs/results-samples.md; an interrupted run continues where it stopped')
  .requiredOption('--training <path>', 'folder or zip archive of training pictures')
  .requiredOption('--held-out <path>', 'folder or zip archive of pictures that were not trained on')
  .option('--without <folders...>', 'folders of the archive that the model was not trained on', [])
  .option('--count <number>', 'samples for each cell', wholeNumber(limits.samples), 2000)
  .option('--steps <list>', 'numbers of steps', listOf(wholeNumber(limits.steps)), [10, 20, 50, 100])
  .option('--write', 'make no samples: write the page of those that every cell has')
  .option('-o, --output <file>', 'the page', 'docs/results-samples.md')

addShardOption(addModelOptions(command)).action(async (options: SamplesOptions) => {
  await ensureBuilt()
  const folder = join(root, 'out/results', workName(options))
  const cells = cellsOf(folder, options.steps)
  await withEngine(installation, async (call) => {
    if (!options.write) await makeSamples(call, options, cells)
    if (options.write || !options.shard) await writeResults(call, options, cells, folder)
  })
})

/** The folder that the shards of one run share. */
function workName({ model, count }: SamplesOptions): string {
  const identity = JSON.stringify([model, count])
  return `samples-${createHash('sha256').update(identity).digest('hex').slice(0, 12)}`
}

/** Makes samples cell by cell, the cheap ones first, so that an interrupted run is of use too. */
async function makeSamples(call: EngineCall, options: SamplesOptions, cells: readonly Cell[]): Promise<void> {
  for (const cell of [...cells].sort((a, b) => a.steps - b.steps)) {
    const { items, resumedItems } = await sample(call, options, cell)
    const earlier = resumedItems > 0 ? `, ${resumedItems} of them earlier` : ''
    say(`${cell.noise.name}, ${cell.steps} steps: ${items} samples${earlier}`)
  }
}

function sample(call: EngineCall, options: SamplesOptions, { folder, ...cell }: Cell): Promise<BatchReport> {
  return call('batch.run', {
    model: modelOf(installation, options),
    plan: { kind: 'samples', seed: 0, count: options.count },
    decode: decodeSettingsOf(cell),
    folder,
    shard: options.shard,
  })
}

async function writeResults(
  call: EngineCall,
  options: SamplesOptions,
  cells: readonly Cell[],
  folder: string,
): Promise<void> {
  const { training, heldOut, without, steps, count: wanted, output } = options
  const count = await sharedCount(cells)
  const trained = await choosePictures(training, referenceCount + count, join(folder, 'unpacked'), without)
  const known = new Set(takeEvenly(trained, referenceCount))
  const reference = await gather([...known], join(folder, 'reference'))
  const distanceOf = await measureFrom(reference, cells[0].folder)
  const measured: (Cell & Measured)[] = []
  for (const cell of cells) measured.push({ ...cell, ...(await distanceOf(cell.folder)) })
  const others = await gather(
    trained.filter((path) => !known.has(path)),
    join(folder, 'training'),
  )
  const strangers = await gather(
    await choosePictures(heldOut, count, join(folder, 'unpacked')),
    join(folder, 'held-out'),
  )
  const { seconds, compute } = await timeSamples(call, options)
  const model = await call('model.info', { model: modelOf(installation, options) })
  const page = writePage({
    command: commandLine('results:samples', process.argv.slice(2)),
    model,
    compute,
    steps,
    wanted,
    reference: {
      source: `evenly spaced by name in \`${basename(resolve(training))}\`${without.length > 0 ? ', without the folders that the model was not trained on' : ''}`,
      count: referenceCount,
    },
    cells: measured,
    real: [
      { name: 'other training pictures', ...(await distanceOf(others)) },
      { name: `pictures of \`${basename(resolve(heldOut))}\``, ...(await distanceOf(strangers)) },
    ],
    seconds,
  })
  const style = await resolveConfig(output, { editorconfig: true })
  await writeFile(output, await format(page, { ...style, parser: 'markdown' }))
  say(output)
}

/**
 * Returns the number of samples in each cell.
 *
 * @throws Error if cells have different numbers of samples, or too few to compare
 */
async function sharedCount(cells: readonly Cell[]): Promise<number> {
  const counts = await Promise.all(
    cells.map(async ({ folder }) => {
      const names = await readdir(folder).catch(() => [])
      return names.filter((name) => extname(name) === '.png').length
    }),
  )
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  if (least >= 2 && least === most) return least
  throw new Error(`The cells have ${least} to ${most} samples: run the command on until all have the same.`)
}

/**
 * Measures the distance of folders from one, as `slerp-studio distance` does, but reads that one only once.
 *
 * @param sized  a folder of samples: every picture is scaled to their size
 */
async function measureFrom(folder: string, sized: string): Promise<(other: string) => Promise<Measured>> {
  const [pictures, { signal }] = [new Pictures(), new AbortController()]
  // Open until the process ends.
  const slicer = await openSetSlicer(await openPictureSet(sized, pictures), signal)
  const reference = await slicer.slice(await openPictureSet(folder, pictures), signal)
  return async (other) => {
    const samples = await openPictureSet(other, pictures)
    return {
      count: samples.paths.length,
      ...slicer.compare(reference, await slicer.slice(samples, signal)),
    }
  }
}

/** Copies pictures into a new folder. */
async function gather(paths: readonly string[], folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await Promise.all(paths.map((path) => copyFile(path, join(folder, basename(path)))))
  return folder
}

/** Measures the time per sample at each number of steps, on samples that are discarded. */
async function timeSamples(
  call: EngineCall,
  options: SamplesOptions,
): Promise<{ seconds: Map<number, number>; compute: BatchReport['compute'] }> {
  const folder = await mkdtemp(join(tmpdir(), 'slerp-samples-'))
  const timed = { ...options, count: timedCount, shard: undefined }
  const reports: BatchReport[] = []
  try {
    const cells = cellsOf(folder, options.steps).filter(({ noise }) => noise === noises[0])
    // The first samples also open the model.
    await sample(call, timed, { ...cells[0], folder: join(folder, 'opening') })
    for (const cell of cells) reports.push(await sample(call, timed, cell))
  } finally {
    await rm(folder, { recursive: true })
  }
  const [{ compute }] = reports
  return {
    compute,
    seconds: new Map(options.steps.map((steps, i) => [steps, reports[i].seconds / timedCount])),
  }
}

await command.parseAsync()
