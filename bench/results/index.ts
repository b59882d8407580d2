/** `npm run results`: measures every solver on held-out pictures and exact scores; writes docs/results.md. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { Command } from 'commander'
import { withEngine } from '../../src/cli/engineCall'
import { nodeEnvironment } from '../../src/cli/installation'
import { addModelOptions, modelOf, type ModelOptions } from '../../src/cli/modelOptions'
import { limits } from '#shared/limits'
import { listOf, wholeNumber } from '../../src/cli/parsers'
import { formatDuration } from '#core/format/quantities'
import { say } from '../../src/cli/terminal'
import { createNoiseSchedule } from '#core/diffusion/noiseSchedule'
import { drawCurves } from '#engine/lab/figures/curves'
import type { LabReport } from '#shared/lab'
import { roundTripNfe } from '#core/diffusion/cost'
import { ensureBuilt } from '../../tools/ensureBuilt.mjs'
import { measureClosedForm } from './closedForm'
import { writeDocument, writeMarkdown } from './document'
import { commandLine } from './commandLine'
import { choosePictures, sourceInWords } from './pictures'
import { planParts, costOfParts, meanInWords, type DearParts } from './plan'
import { runStudies, stopsOf } from './studies'

interface ResultsOptions extends ModelOptions, DearParts {
  pictures: string
  count: number
  steps: number[]
  batch: number
  output: string
  estimate?: boolean
}

const root = resolve(import.meta.dirname, '../..')
const installation = nodeEnvironment()

const command = new Command('npm run results --')
  .description('write docs/results.md from studies of the Lab; an interrupted run goes on where it was')
  .option('--pictures <path>', 'folder or zip archive, held out from training', 'resources/samples')
  .option('--count <number>', 'how many of them, evenly spaced', wholeNumber(limits.studyPictures), 64)
  .option(
    '--steps <list>',
    'numbers of steps',
    listOf(wholeNumber({ ...limits.steps, min: 2 })),
    [10, 20, 50, 100, 200, 500, 1000],
  )
  .option(
    '--fine-from <steps>',
    'from here on, measure fewer pictures, and only the solvers of the paper and of the presets',
    wholeNumber({ ...limits.steps, min: 2 }),
    100,
  )
  .option(
    '--fine-count <number>',
    'how many pictures then, and for solvers that evaluate more than once a step',
    wholeNumber(limits.studyPictures),
    8,
  )
  .option('--batch <count>', 'pictures in one network call', wholeNumber(limits.batch), 8)
  .option('-o, --output <file>', 'the document', 'docs/results.md')
  .option('--estimate', 'only tell how long it would take, by a short measurement')

addModelOptions(command).action(async (options: ResultsOptions) => {
  const steps = [...new Set(options.steps)].sort((a, b) => a - b)
  await ensureBuilt()
  const work = join(root, 'out/results', workName(options, steps))
  const pictures = await choosePictures(options.pictures, options.count, join(work, 'pictures'))
  if (pictures.length === 0) throw new Error(`There are no pictures in "${options.pictures}".`)
  const parts = planParts(pictures, steps, options)
  const total = costOfParts(parts)
  if (options.estimate) return estimate(options, pictures, total)
  say(
    `${pictures.length} pictures, ${total.toLocaleString('en')} evaluations; finished cells are kept in ${work}`,
  )
  const studies = await withEngine(installation, (call) => runStudies(call, options, parts, work))
  await writeResults(options, pictures, steps, studies)
})

/** Equal names mean equal studies as far as the command line tells; the Lab itself checks the rest. */
function workName(
  { model, pictures, count, fineFrom, fineCount, batch, threads, device }: ResultsOptions,
  steps: readonly number[],
) {
  const asked = [model, resolve(pictures), count, steps, fineFrom, fineCount, batch, threads, device]
  const identity = JSON.stringify(asked)
  return createHash('sha256').update(identity).digest('hex').slice(0, 12)
}

/** Estimates the total time from that of one cheap cell. */
async function estimate(options: ResultsOptions, pictures: readonly string[], total: number): Promise<void> {
  const model = modelOf(installation, options)
  const folder = join(root, 'out/results', `estimate-${process.pid}`)
  await mkdir(dirname(folder), { recursive: true })
  const study = {
    stops: stopsOf(pictures.slice(0, options.batch)),
    steps: [5],
    batch: options.batch,
    solvers: ['ddim' as const],
    timestepSpacings: ['linear' as const],
  }
  const report = await withEngine(installation, (call) =>
    call('lab.run', { model, study, folder, figures: false }),
  )
  const [{ secondsPerPicture, evaluations }] = report.cells
  const each = secondsPerPicture / evaluations
  say(
    `${pictures.length} pictures, ${total.toLocaleString('en')} evaluations of ${(1000 * each).toFixed(0)} ms: ${((total * each) / 3600).toFixed(1)} hours (${formatDuration(total * each)}), and the closed-form part.`,
  )
}

async function writeResults(
  options: ResultsOptions,
  pictures: readonly string[],
  steps: readonly number[],
  studies: readonly LabReport[],
): Promise<void> {
  const cells = studies.flatMap((study) => study.cells)
  const dearer = cells.find((cell) => cell.evaluations !== roundTripNfe({ ...cell, cleanTimestep: -1 }))
  if (dearer)
    throw new Error(`${dearer.solver} took ${dearer.evaluations} evaluations: the document would be wrong.`)
  say('Closed-form scores …')
  const exact = await measureClosedForm(pictures, steps, createNoiseSchedule({}))
  const output = resolve(options.output)
  const figure = output.replace(/\.md$/, '') + '-curves.png'
  const [{ model }] = studies
  await mkdir(dirname(output), { recursive: true })
  const subtitle = `${model.id}, ${meanInWords(pictures.length, steps, options)}`
  await writeFile(figure, await drawCurves(cells, subtitle, { times: false }))
  const document = writeDocument({
    command: commandLine('results', process.argv.slice(2)),
    source: sourceInWords(options, pictures.length),
    studies,
    dear: options,
    exact,
    steps,
    curves: relative(dirname(output), figure),
  })
  await writeMarkdown(output, document)
  say(`${options.output}, ${relative('.', figure)}`)
}

await command.parseAsync()
