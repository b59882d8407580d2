import { Option, type Command } from 'commander'
import { enlargements, type Enlargement } from '#core/picture/enlarge'
import { repeats, type Repeat } from '#core/timeline/playOrder'
import { exportFormats, formatOfPath, listEndings, type ExportFormat } from '#shared/exportFormats'
import { exportTarget, type ExportTarget } from '#shared/exportTarget'
import { StudioError } from '#shared/errors'
import { limits } from '#shared/limits'
import { inGroup } from './inGroup'
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

/** Adds the options of {@link OutputOptions}, and of where the animation goes. */
export function addOutputOptions(command: Command, defaultOutput?: string): Command {
  return inGroup(command, 'Output', (group) =>
    group
      .option(
        '-o, --output <path>',
        `a folder for PNG frames, or a file in ${listEndings()}; .png is a contact sheet`,
        outputPath,
        defaultOutput,
      )
      .addOption(
        new Option('--format <name>', 'format, if the name of the output does not tell it').choices(
          exportFormats,
        ),
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
        '--batch <count>',
        'latents decoded together (default: what is fastest on the device)',
        wholeNumber(limits.batch),
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

/**
 * Returns the target of an export, whose format follows from its name. An interrupted export keeps its
 * frames, so that the same command can resume it.
 */
export function exportTargetOf(output: string, options: OutputOptions): ExportTarget {
  const { fps, scale, enlarge, quality, force = false } = options
  return {
    path: output,
    format: options.format ?? formatOfPath(output),
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

/**
 * Refuses options about how an animation is written if frames are written one by one, as the model made them.
 *
 * @throws StudioError BAD_INPUT naming the option
 */
export function refuseAnimationOptions(options: OutputOptions): void {
  const asked = { ...options, repeat: repeatOf(options) }
  const names = Object.keys(usual) as (keyof typeof usual)[]
  const name = names.find((one) => asked[one] !== usual[one])
  if (name === undefined) return
  throw new StudioError(
    'BAD_INPUT',
    `--${name} applies to an animation, and here single frames are written as the model makes them: give --${name} to merge afterwards.`,
  )
}
