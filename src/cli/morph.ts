import { easings, type Easing } from '#core/timeline/easing'
import { interpolations, type Interpolation } from '#core/diffusion/slerp'
import { Option, type Command } from 'commander'
import { limits } from '#shared/limits'
import { type FramePlan, type LatentSource } from '#shared/settings'
import { runExport } from './export'
import type { Installation } from './installation'
import {
  addPictureLatentOptions,
  addOutputOptions,
  latentSourceOf,
  type AnimationOptions,
  type PictureLatentOptions,
} from './options'
import { somePaths, wholeNumber } from './parsers'

interface MorphOptions extends PictureLatentOptions, AnimationOptions {
  output: string
  frames: number
  easing: Easing
  interpolation: Interpolation
  loop?: boolean
  pingPong?: boolean
}

/** `morph A B [C …]`: the slerp path through the latents of two or more pictures. */
export function addMorphCommand(program: Command, installation: Installation): void {
  const command = program
    .command('morph')
    .description('encode pictures and write the slerp path through their latents')
    .argument('<stops...>', 'two or more pictures or latent files', somePaths)
    .option('--frames <count>', 'frames of the whole path', wholeNumber(limits.frames), 60)
    .addOption(
      new Option('--easing <kind>', 'how time runs between two stops').choices(easings).default('linear'),
    )
    .addOption(
      new Option('--interpolation <kind>', 'how latents are mixed').choices(interpolations).default('slerp'),
    )
    .option('--loop', 'go on from the last stop back to the first')
    .option('--ping-pong', 'play forth and back')
  addOutputOptions(addPictureLatentOptions(command), 'morph.gif').action(
    (paths: string[], options: MorphOptions) => {
      if (paths.length < 2) {
        throw new RangeError(`A morph goes from one picture to another: name one more than ${paths[0]}.`)
      }
      const stops = paths.map((path) => latentSourceOf(path, options))
      return runExport(installation, options, () => ({
        plan: pathThrough(stops, options),
        output: options.output,
        pingPong: options.pingPong,
      }))
    },
  )
}

/**
 * A path of `frames` frames in all, spread over its segments as evenly as whole frames allow.
 *
 * @throws RangeError for fewer frames than stops
 */
export function pathThrough(
  stops: LatentSource[],
  {
    frames,
    easing,
    interpolation,
    loop = false,
  }: Pick<MorphOptions, 'frames' | 'easing' | 'interpolation' | 'loop'>,
): FramePlan {
  if (frames < stops.length) {
    throw new RangeError(
      `${frames} frames are too few for ${stops.length} stops: take at least ${stops.length} frames.`,
    )
  }
  const count = loop ? stops.length : stops.length - 1
  // An open path shows its last stop in a frame of its own, which no segment counts.
  const inSegments = loop ? frames : frames - 1
  const segments = Array.from({ length: count }, (_, i) => ({
    frames: Math.floor(((i + 1) * inSegments) / count) - Math.floor((i * inSegments) / count),
    easing,
    interpolation,
  }))
  return { kind: 'path', stops, segments }
}
