import type { Command } from 'commander'
import { limits } from '#shared/limits'
import type { FramePlan } from '#shared/framePlan'
import type { LatentSource } from '#shared/latentSource'
import { runExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { decodeSettingsOf } from '../diffusionOptions'
import { addOutputOptions, type OutputOptions } from '../outputOptions'
import { addPictureLatentOptions, type PictureLatentOptions } from '../pictureOptions'
import { realNumber, somePath, wholeNumber } from '../parsers'
import { latentSourceOf, stopsHelp } from '../stops'

interface WalkOptions extends PictureLatentOptions, OutputOptions {
  output: string
  angle: number
  frames: number
}

/** `walk A`: a closed film around a latent, all at one angle from it. */
export function addWalkCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('walk')
    .description('walk around a latent: a looping film of its neighbours, along a circle chosen by --seed')
    .argument('<latent>', stopsHelp, somePath)
    .option('--angle <degrees>', 'distance from the latent', realNumber(limits.walkAngle), 20)
    .option('--frames <count>', 'number of frames for the whole circle', wholeNumber(limits.walkFrames), 60)
  addPictureLatentOptions(addOutputOptions(command, 'walk.gif')).action(
    (word: string, options: WalkOptions) =>
      runExport(installation, options, () => ({
        plan: circleAround(latentSourceOf(word, options), options),
        output: options.output,
        decode: decodeSettingsOf(options),
      })),
  )
}

/** One picture per frame, each at its own place on the circle; none of them are mixed. */
function circleAround(around: LatentSource, { seed, angle, frames }: WalkOptions): FramePlan {
  const places = Array.from({ length: frames }, (_, i) => i / frames)
  return {
    kind: 'path',
    stops: places.map((turn) => ({ kind: 'walk', around, seed, angle, turn })),
    segments: places.map(() => ({ frames: 1, easing: 'linear', interpolation: 'slerp' })),
  }
}
