import { Option, type Command } from 'commander'
import { enlargements, type Enlargement } from '#core/picture/enlarge'
import { repeats, type Repeat } from '#core/timeline/playOrder'
import {
  exportFormat,
  exportFormats,
  formatAskedFor,
  formatOfPath,
  listEndings,
  type ExportFormat,
} from '#shared/exportFormats'
import { exportTarget, type ExportTarget } from '#shared/exportTarget'
import { StudioError } from '#shared/errors'
import { limits } from '#shared/limits'
import { inGroup } from './inGroup'
import { withoutEnding } from './output'
import { outputPath, realNumber, wholeNumber } from './parsers'

/** The options of the commands that write an animation. */
export interface OutputOptions {
  fps: number
  scale: number
  enlarge: Enlargement
  batch?: number
  format?: ExportFormat
  repeat: Repeat
  once?: boolean
  pingPong?: boolean
  quality: number
  force?: boolean
}

const defaults = exportTarget.omit({ path: true, format: true }).parse({})

/** The defaults of the options that say how an animation is written. */
const usual = {
  fps: defaults.fps,
  scale: defaults.scale,
  enlarge: defaults.enlargement,
  quality: defaults.quality,
  repeat: defaults.repeat,
}

/** The options that only an animation has, and their values where the command line has none. */
const animationOnly = { ...usual, format: undefined }

/** The heading of the options of an output. */
const outputHeading = 'Output'

/** Adds the options of {@link OutputOptions}, and the one that says where the animation goes. */
export function addOutputOptions(command: Command, defaultOutput?: string): Command {
  return inGroup(addTargetOptions(command, defaultOutput), outputHeading, (group) =>
    group.option(
      '--batch <count>',
      'latents decoded together (default: what is fastest on the device)',
      wholeNumber(limits.batch),
    ),
  )
}

/** Adds those options that say how an animation is written and where it goes, not how its frames are made. */
export function addTargetOptions(command: Command, defaultOutput?: string): Command {
  if (defaultOutput !== undefined) command.hook('preAction', () => nameAfterFormat(command, defaultOutput))
  return inGroup(command, outputHeading, (group) =>
    group
      .option(
        '-o, --output <path>',
        `a folder for PNG frames, or a file in ${listEndings()}; .png is a contact sheet`,
        outputPath,
        defaultOutput,
      )
      .addOption(
        new Option(
          '--format <name>',
          'output format, if the name of the output does not determine it',
        ).choices(exportFormats),
      )
      .option('--fps <rate>', 'frames a second', realNumber(limits.fps), usual.fps)
      .option(
        '--scale <factor>',
        `enlarge each frame ${limits.scale.min} to ${limits.scale.max} times`,
        wholeNumber(limits.scale),
        usual.scale,
      )
      .addOption(
        new Option('--enlarge <way>', 'how frames are enlarged').choices(enlargements).default(usual.enlarge),
      )
      .option(
        '--quality <percent>',
        `of ${listEndings(({ lossy }) => lossy)}`,
        wholeNumber(limits.quality),
        usual.quality,
      )
      .addOption(
        new Option('--repeat <kind>', 'how the animation repeats').choices(repeats).default(usual.repeat),
      )
      .addOption(new Option('--once').hideHelp())
      .addOption(new Option('--ping-pong').hideHelp())
      .option('-f, --force', 'overwrite the output'),
  )
}

/** Gives the default output the ending of --format, unless the command line names an output. */
function nameAfterFormat(command: Command, output: string): void {
  const { format } = command.opts<OutputOptions>()
  if (format === undefined || command.getOptionValueSource('output') !== 'default') return
  const path = `${withoutEnding(output)}${endingOf(format)}`
  command.setOptionValueWithSource('output', path, 'default')
}

/** Returns the ending of files of a format, with its dot; an empty one for a folder. */
export function endingOf(format: ExportFormat): string {
  const [ending] = exportFormat(format).endings
  return ending === undefined ? '' : `.${ending}`
}

/**
 * Returns the format of an output: that of --format, or else the one that its name asks for.
 *
 * @throws StudioError BAD_INPUT if the ending of the name asks for another format than --format
 */
export function formatOf(output: string, { format }: Pick<OutputOptions, 'format'>): ExportFormat {
  if (format === undefined) return formatOfPath(output)
  const { endings } = exportFormat(format)
  const asked = formatAskedFor(output)
  const ending = asked && exportFormat(asked).askedForBy
  const agrees = !ending || asked === format || endings.some((one) => one === ending)
  if (agrees) return format
  throw new StudioError(
    'BAD_INPUT',
    `"${output}" ends in .${ending}, and --format asks for ${format}: ${endings.length > 0 ? `end it in ${endingOf(format)}` : 'name a folder'}, or leave --format out.`,
    { path: output },
  )
}

/**
 * Returns the target of an export, whose format follows from its name. An interrupted export keeps its
 * frames, so that the same command can resume it.
 */
export function exportTargetOf(output: string, options: OutputOptions): ExportTarget {
  const { fps, scale, enlarge, quality, force = false } = options
  return {
    path: output,
    format: formatOf(output, options),
    fps,
    scale,
    enlargement: enlarge,
    repeat: repeatOf(options),
    quality,
    overwrite: force,
    keepUnfinished: true,
  }
}

/** `--once` and `--ping-pong` are the names from version 0.1. */
function repeatOf({ repeat, once, pingPong }: OutputOptions): Repeat {
  if (pingPong) return once ? 'ping-pong-once' : 'ping-pong'
  return once ? 'once' : repeat
}

/** Returns the repeat that the command line asks for; undefined if it leaves the default. */
export function namedRepeat(command: Command): Repeat | undefined {
  const names: readonly (keyof OutputOptions)[] = ['repeat', 'once', 'pingPong']
  const isNamed = names.some((name) => command.getOptionValueSource(name) === 'cli')
  return isNamed ? repeatOf(command.opts<OutputOptions>()) : undefined
}

/**
 * Refuses options about how an animation is written if the command line names none to write.
 *
 * @throws StudioError BAD_INPUT naming the option
 */
export function refuseWithoutOutput(command: Command): void {
  const isAbout = (name: string) => name in animationOnly || name === 'once' || name === 'pingPong'
  const given = command.options.find((option) => {
    const name = option.attributeName()
    return isAbout(name) && command.getOptionValueSource(name) === 'cli'
  })
  if (!given) return
  throw new StudioError(
    'BAD_INPUT',
    `${given.long} applies to an animation, and none is written: leave ${given.long} out, or name the animation’s file with -o.`,
  )
}

/**
 * Refuses options about how an animation is written if frames are written one by one, as the model made them.
 *
 * @throws StudioError BAD_INPUT naming the option
 */
export function refuseAnimationOptions(options: OutputOptions): void {
  const format = options.format === 'png' ? undefined : options.format
  const asked = { ...options, format, repeat: repeatOf(options) }
  const names = Object.keys(animationOnly) as (keyof typeof animationOnly)[]
  const name = names.find((one) => asked[one] !== animationOnly[one])
  if (name === undefined) return
  throw new StudioError(
    'BAD_INPUT',
    `--${name} applies to an animation, and here single frames are written as the model makes them: give --${name} to merge afterwards.`,
  )
}
