import { Option, type Command } from 'commander'
import type { Shard } from '#shared/batch'
import { StudioError } from '#shared/errors'
import { tooManyStops, type LabReport, type SkippedCell, type StudyStop } from '#shared/lab'
import { limits } from '#shared/limits'
import { defaultSettings } from '#shared/presets'
import {
  timestepSpacings as spacingRows,
  type TimestepSpacing,
} from '#core/diffusion/timestepSpacings/registry'
import { solverIds, type SolverId } from '#core/diffusion/solvers/registry'
import { withEngine } from '../engineCall'
import { inGroup } from '../inGroup'
import { runDiscreteLab } from './labDiscrete'
import type { CommandEnvironment } from '../installation'
import { addLatentConditionOptions, type ConditionOptions } from '../conditionOptions'
import { addEndOptions, type EndOptions } from '../diffusionOptions'
import { addModelOptions, modelOf, type ModelOptions } from '../modelOptions'
import { requireBeside } from '../optionNeeds'
import { addFitOptions, type FitOptions } from '../pictureOptions'
import { describeCompute } from '../output'
import { listOf, oneOf, realNumber, somePaths, wholeNumber, outputPath } from '../parsers'
import { formatDuration, formatMeanPsnr, formatStatistic, plural } from '#core/format/quantities'
import { addShardOption, resumable, type ShardOptions } from '../shards'
import { latentSourceOf, stopsHelp } from '../stops'
import { alignColumns, printResult } from '../terminal'

interface LabOptions
  extends ModelOptions, FitOptions, EndOptions, ShardOptions, Omit<ConditionOptions, 'guidance'> {
  discrete?: boolean
  colours: number
  side: number
  seed: number
  solvers: SolverId[]
  timestepSpacings: TimestepSpacing[]
  steps: number[]
  etas: number[]
  batch: number
  figures: boolean
  output: string
  force?: boolean
}

/** The spacings that suit any number of steps: an explicit list of timesteps has its own. */
const sweptSpacings = spacingRows.filter(({ takesTimesteps }) => !takesTimesteps).map(({ id }) => id)

/** `lab A…`: which solver, timestep spacing and number of steps reconstructs the user's own pictures best. */
export function addLabCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('lab')
    .description(
      'compare solvers, timestep spacings and numbers of steps on your own pictures and latents: table, curves, figures',
    )
    .argument('<stops...>', `pictures and latents to measure on, each ${stopsHelp}`, somePaths)
    .addOption(listOption('--solvers', 'solvers', oneOf(solverIds), ['ddim', 'ab2', '2m']))
    .addOption(
      listOption('--timestep-spacings', 'timestep spacings', oneOf(sweptSpacings), ['linear', 'karras']),
    )
    .addOption(listOption('--steps', 'numbers of steps each way', wholeNumber(limits.steps), [10, 20, 50]))
    .addOption(listOption('--etas', 'noise while decoding, 0 to 1', realNumber(limits.eta), [0]))
    .option('--batch <count>', 'pictures decoded together', wholeNumber(limits.batch), 8)
    .option('--no-figures', 'leave out the figures that show pictures, which cost network evaluations')
    .option(
      '-o, --output <folder>',
      'folder to write into; a study that was interrupted there continues',
      outputPath,
      'lab',
    )
  addLatentConditionOptions(addEndOptions(addShardOption(command)))
  inGroup(command, 'Discrete process', addDiscreteOptions)
  requireBeside<LabOptions>(
    command,
    ['colours', 'side', 'seed', 'force'],
    '--discrete',
    ({ discrete = false }) => discrete,
  )
  addModelOptions(addFitOptions(command)).action((words: string[], options: LabOptions) => {
    requireStopCount(words, options)
    const stops = stopsOf(words, options)
    return options.discrete
      ? runDiscreteLab(installation, stops, { ...options, steps: discreteSteps(command, options) })
      : runLab(installation, stops, options)
  })
}

function listOption<Part>(
  flag: string,
  what: string,
  parse: (text: string) => Part,
  values: readonly Part[],
): Option {
  return new Option(`${flag} <list>`, `${what}, separated by commas`)
    .argParser(listOf(parse))
    .default(values, values.join(','))
}

function addDiscreteOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--discrete',
        "run the discrete process of the paper's appendix A instead, with the pictures as its data and no network",
      ).conflicts(['shard', 'solvers', 'timestepSpacings', 'etas', 'figures', 'batch', 'clip']),
    )
    .option(
      '--colours <count>',
      'with --discrete: number of colours of the pictures',
      wholeNumber(limits.discreteColours),
      12,
    )
    .option(
      '--side <pixels>',
      'with --discrete: width and height of the pictures',
      wholeNumber(limits.discreteSide),
      64,
    )
    .option('--seed <number>', 'with --discrete: seed of the noise', wholeNumber(limits.seed), 0)
    .option('-f, --force', 'with --discrete: overwrite files in the output folder that no earlier run wrote')
}

function requireStopCount(words: readonly string[], { discrete }: LabOptions): void {
  if (discrete && words.length < 2) {
    throw new StudioError(
      'BAD_INPUT',
      `The discrete process needs at least two pictures or latents: name another one besides ${words[0]}.`,
    )
  }
  if (!discrete && words.length > limits.studyPictures.max) throw new StudioError('BAD_INPUT', tooManyStops)
}

/** The discrete process has its own default numbers of steps: what is few for an ODE is many for it. */
function discreteSteps(command: Command, { steps }: LabOptions): number[] {
  return command.getOptionValueSource('steps') === 'default' ? [5, 10, 20, 50] : steps
}

/**
 * Parses the stops. A picture inside a mix is encoded with the default settings; a picture that is itself a
 * stop is encoded by every cell of the study.
 */
function stopsOf(words: readonly string[], options: LabOptions): StudyStop[] {
  const { solver, timestepSpacing, steps, conditioningTimestep } = defaultSettings.encode
  const encode = { solver, timestepSpacing, steps, conditioningTimestep, eta: 0 }
  return words.map((word) => latentSourceOf(word, { ...options, ...encode }))
}

async function runLab(
  installation: CommandEnvironment,
  stops: StudyStop[],
  options: LabOptions,
): Promise<void> {
  const { solvers, timestepSpacings, steps, etas, batch, end, clip, figures, output, shard } = options
  const report = await resumable(() =>
    withEngine(installation, (call) =>
      call('lab.run', {
        model: modelOf(installation, options),
        study: { stops, solvers, timestepSpacings, steps, etas, batch, endTimestep: end, clip },
        folder: output,
        figures,
        shard,
      }),
    ),
  )
  const lines = shard ? describeShard(report, shard) : describeStudy(report)
  printResult(options.json ?? false, { ok: true, ...report }, lines)
}

function describeShard(report: LabReport, { index, count }: Shard): string[] {
  const { folder, cells, plannedCells, seconds, compute } = report
  return [
    ...tableOf(report),
    '',
    `${folder}: shard ${index}/${count}, ${cells.length} of ${plannedCells} ${plural(plannedCells, 'combination')}`,
    `${formatDuration(seconds)} on ${describeCompute(compute)}`,
  ]
}

function describeStudy(report: LabReport): string[] {
  const { folder, cells, skipped, notes, files, resumedCells, seconds, compute } = report
  const resumed = resumedCells > 0 ? `, ${resumedCells} of them from an earlier run` : ''
  return [
    ...tableOf(report),
    ...reasonsOf(skipped),
    ...notes,
    '',
    `${folder}: ${files.join(', ')}`,
    `${cells.length} ${plural(cells.length, 'combination')}${resumed}, ${formatDuration(seconds)} on ${describeCompute(compute)}`,
  ]
}

function tableOf({ cells }: LabReport): string[] {
  const hasParts = cells.some(({ inversionMse }) => inversionMse !== null)
  const heading = [
    'solver',
    'timestep spacing',
    'S',
    'eta',
    'evaluations',
    'MSE',
    'median',
    ...(hasParts ? ['autoencoder', 'inversion'] : []),
    'PSNR',
    'SSIM',
    'x_T std',
    's/picture',
  ]
  const rows = cells.map((cell) => [
    cell.solver,
    cell.timestepSpacing,
    String(cell.steps),
    String(cell.eta),
    String(cell.evaluations),
    cell.mse.toExponential(1),
    cell.medianMse.toExponential(1),
    ...(hasParts ? [cell.autoencoderMse, cell.inversionMse].map((mse) => mse?.toExponential(1) ?? '') : []),
    formatMeanPsnr(cell, (psnr) => psnr.toFixed(1)),
    cell.ssim.toFixed(4),
    formatStatistic(cell.latentStd),
    cell.secondsPerPicture.toFixed(2),
  ])
  return alignColumns([heading, ...rows])
}

/** One line per reason, however many cells it affects. */
function reasonsOf(skipped: readonly SkippedCell[]): string[] {
  const counts = new Map<string, number>()
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => `skipped ${count} ${plural(count, 'combination')}: ${reason}`)
}
