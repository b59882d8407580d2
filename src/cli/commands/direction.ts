import type { Command } from 'commander'
import { StudioError } from '#shared/errors'
import { limits } from '#shared/limits'
import type { LatentSource } from '#shared/latentSource'
import { runExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { pathThrough } from './morph'
import { decodeSettingsOf } from '../diffusionOptions'
import { requireBeside } from '../optionNeeds'
import { addOutputOptions, type OutputOptions } from '../outputOptions'
import { addPictureLatentOptions, type PictureLatentOptions } from '../pictureOptions'
import { realNumber, somePath, somePaths, wholeNumber } from '../parsers'
import { latentSourceOf, requireFewParts, stopsHelp } from '../stops'

interface DirectionOptions extends PictureLatentOptions, OutputOptions {
  output: string
  plus?: string[]
  minus?: string[]
  of?: string[]
  component: number
  strength: number
  frames: number
}

/** `direction A`: a film of a latent moving along a direction of other latents, from one side to another. */
export function addDirectionCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('direction')
    .description(
      'move a latent along a direction: the mean of --plus minus the mean of --minus, or a principal direction of --of. Directions in latent space carry little meaning of their own: what changes depends on where you start',
    )
    .argument('<latent>', stopsHelp, somePath)
    .option('--plus <stops...>', 'latents that the direction leads towards', somePaths)
    .option('--minus <stops...>', 'latents that it leads away from', somePaths)
    .option('--of <stops...>', 'latents to find principal directions in', somePaths)
    .option(
      '--component <number>',
      'which principal direction; 1 is the largest',
      wholeNumber({ min: 1, max: limits.component.max + 1 }),
      1,
    )
    .option(
      '--strength <factor>',
      'how far to go to either side: in units of the distance between the two means, or in standard deviations',
      realNumber({ min: 0, max: limits.weight.max }),
      1,
    )
    .option('--frames <count>', 'number of frames from one side to the other', wholeNumber(limits.frames), 60)
  requireBeside<DirectionOptions>(command, ['component'], '--of', ({ of }) => of !== undefined)
  addPictureLatentOptions(addOutputOptions(command, 'direction.gif')).action(
    (word: string, options: DirectionOptions) => {
      const from = latentSourceOf(word, options)
      const stops = [-options.strength, 0, options.strength].map((strength) =>
        movedBy(from, strength, options),
      )
      return runExport(installation, options, () => ({
        plan: pathThrough(stops, { frames: options.frames, easing: 'linear', interpolation: 'slerp' }),
        output: options.output,
        decode: decodeSettingsOf(options),
      }))
    },
  )
}

function movedBy(from: LatentSource, strength: number, options: DirectionOptions): LatentSource {
  const sourcesOf = (words: readonly string[]) => words.map((word) => latentSourceOf(word, options))
  const { plus = [], minus = [], of = [], component } = options
  for (const [name, words] of Object.entries({ plus, minus, of })) requireFewParts(`--${name}`, words)
  if (of.length > 0 && plus.length + minus.length === 0) {
    return { kind: 'principal', from, of: sourcesOf(of), component: component - 1, strength }
  }
  if (of.length > 0 || plus.length === 0 || minus.length === 0) {
    throw new StudioError(
      'BAD_INPUT',
      'Name a direction: stops after --plus and after --minus, or several stops after --of.',
    )
  }
  return { kind: 'direction', from, plus: sourcesOf(plus), minus: sourcesOf(minus), strength }
}
