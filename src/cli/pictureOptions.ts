/** Options of pictures: what the model sees of them, and the latents that they become. */
import { Option, type Command } from 'commander'
import type { FitSettings } from '#shared/pictureSource'
import { conditionFieldsOf } from './conditionOptions'
import { addEncodingOptions, encodeSettingsOf, type EncodingOptions } from './diffusionOptions'
import { colour, cropRectangle } from './parsers'

/** What the commands that read pictures take besides. */
export interface FitOptions {
  fit: 'cover' | 'contain'
  background: string
  crop?: FitSettings
}

/** What the commands that use the latents of pictures take. */
export interface PictureLatentOptions extends EncodingOptions, FitOptions {
  restandardise?: boolean
}

/** The options of {@link FitOptions}. */
export function addFitOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--fit <mode>', 'how a picture that is not square meets the model')
        .choices(['cover', 'contain'])
        .default('cover'),
    )
    .option('--background <colour>', 'colour around a contained picture', colour, '#ffffff')
    .option('--crop <x,y,width,height>', 'what the model sees, in source pixels', cropRectangle)
}

/** What the commands that use the latents of pictures take: how the model sees them, and whether latents are repaired. */
export function addPictureLatentOptions(command: Command): Command {
  return addFitOptions(addEncodingOptions(command)).option(
    '--restandardise',
    'repair the latents: shift and scale them to mean 0 and standard deviation 1',
  )
}

/** How a command line has pictures fitted; `--crop` goes before `--fit`. */
export function fitOf({ fit, background, crop }: FitOptions): FitSettings {
  if (crop) return crop
  return fit === 'contain' ? { mode: 'contain', background } : { mode: 'cover' }
}

/** A picture and all that decides its latent. */
export function pictureLatentOf(path: string, options: PictureLatentOptions) {
  return {
    kind: 'picture' as const,
    picture: { path, fit: fitOf(options) },
    encode: encodeSettingsOf(options),
    restandardise: options.restandardise ?? false,
    ...conditionFieldsOf(options),
  }
}
