import { DomainError } from '#core/DomainError'
import { easings, type Easing } from '#core/timeline/easing'
import { interpolationIds, type Interpolation } from '#core/timeline/interpolations/registry'
import { frameDistanceIds, type FrameDistance } from '#core/timeline/frameDistances'
import { Option, type Command } from 'commander'
import { spreadFrames } from '#core/timeline/spreadFrames'
import { limits } from '#shared/limits'
import type { PathFramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import type { EngineCall } from '../engineCall'
import { runExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { decodeSettingsOf } from '../diffusionOptions'
import { modelOf } from '../modelOptions'
import { requireBeside } from '../optionNeeds'
import { addOutputOptions, type OutputOptions } from '../outputOptions'
import { addPictureLatentOptions, type PictureLatentOptions } from '../pictureOptions'
import { somePaths, wholeNumber } from '../parsers'
import { latentSourceOf, stopsHelp } from '../stops'
import { addShardOption, type ShardOptions } from '../shards'

interface MorphOptions extends PictureLatentOptions, OutputOptions, ShardOptions {
  output: string
  frames: number
  easing: Easing
  interpolation: Interpolation
  timing: (typeof timings)[number]
  distance: FrameDistance
  pinned?: boolean
  closed?: boolean
  /** The name of `closed` up to version 0.1. */
  loop?: boolean
}

/** What determines the positions of frames: a curve over time, or how much the frames differ. */
const timings = ['curve', 'even'] as const

/** `morph A B [C …]`: the slerp path through the latents of two or more pictures. */
export function addMorphCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('morph')
    .description('encode pictures and write the slerp path through their latents')
    .argument('<stops...>', `two or more, each ${stopsHelp}`, somePaths)
    .option('--frames <count>', 'number of frames of the whole path', wholeNumber(limits.frames), 60)
    .addOption(new Option('--easing <kind>', 'easing between two stops').choices(easings).default('linear'))
    .addOption(
      new Option('--interpolation <kind>', 'how latents are mixed')
        .choices(interpolationIds)
        .default('slerp'),
    )
    .addOption(
      new Option(
        '--timing <kind>',
        'how frames are placed: by the easing, or so that neighbouring frames differ equally',
      )
        .choices(timings)
        .default('curve'),
    )
    .addOption(
      new Option('--distance <kind>', 'how even timing measures the difference between frames')
        .choices(frameDistanceIds)
        .default('ssim'),
    )
    .option('--pinned', 'show the pictures themselves at their stops instead of their reconstructions')
    .option('--closed', 'close the path: continue from the last stop back to the first')
    .addOption(new Option('--loop').hideHelp())
  requireBeside<MorphOptions>(command, ['distance'], '--timing even', ({ timing }) => timing === 'even')
  addPictureLatentOptions(addOutputOptions(addShardOption(command), 'morph.gif')).action(
    (paths: string[], options: MorphOptions) => {
      if (paths.length < 2) {
        throw new DomainError(`A morph needs at least two pictures: name another one besides ${paths[0]}.`)
      }
      if (options.timing === 'even' && options.easing === 'hold') {
        throw new DomainError(
          'With --easing hold no frame moves, so --timing even has nothing to place: leave out one of the two.',
        )
      }
      const stops = paths.map((path) => latentSourceOf(path, options))
      return runExport(installation, options, async (call) => {
        const path = pathThrough(stops, { ...options, closed: options.closed ?? options.loop })
        const plan = { ...path, ...(options.pinned && { pinned: true }) }
        return {
          plan: await timed(installation, call, plan, options),
          output: options.output,
          decode: decodeSettingsOf(options),
        }
      })
    },
  )
}

/** Returns the plan with its frames timed as `--timing` says. */
async function timed(
  installation: CommandEnvironment,
  call: EngineCall,
  plan: PathFramePlan,
  options: MorphOptions,
): Promise<PathFramePlan> {
  if (options.timing === 'curve') return plan
  const { segments } = await call('animation.timing', {
    model: modelOf(installation, options),
    plan,
    decode: decodeSettingsOf(options),
    distance: options.distance,
    share: true,
  })
  return { ...plan, segments }
}

/**
 * Returns a path of `frames` frames in all, spread over its segments as evenly as whole frames allow.
 *
 * @throws DomainError for fewer frames than stops
 */
export function pathThrough(
  stops: LatentSource[],
  {
    frames,
    easing,
    interpolation,
    closed = false,
  }: Pick<MorphOptions, 'frames' | 'easing' | 'interpolation' | 'closed'>,
): PathFramePlan {
  if (frames < stops.length) {
    throw new DomainError(
      `${frames} frames are too few for ${stops.length} stops: take at least ${stops.length} frames.`,
    )
  }
  const count = closed ? stops.length : stops.length - 1
  // An open path shows its last stop in an extra frame that belongs to no segment.
  const inSegments = closed ? frames : frames - 1
  const segments = spreadFrames(inSegments, Array<number>(count).fill(1)).map((length) => ({
    frames: length,
    easing,
    interpolation,
  }))
  return { kind: 'path', stops, segments }
}
