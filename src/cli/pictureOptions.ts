/** Options for pictures: what the model sees of them, and the latents that they are encoded to. */
import { Option, type Command } from 'commander'
import type { LatentSource } from '#shared/latentSource'
import type { FitSettings } from '#shared/pictureSource'
import { conditionFieldsOf } from './conditionOptions'
import { addEncodingOptions, encodeSettingsOf, type EncodingOptions } from './diffusionOptions'
import { inGroup } from './inGroup'
import { colour, cropRectangle } from './parsers'

/** The additional options of the commands that read pictures. */
export interface FitOptions {
  fit: 'cover' | 'contain'
  background: string
  crop?: FitSettings
}

/** The options of the commands that use the latents of pictures. */
export interface PictureLatentOptions extends EncodingOptions, FitOptions {
  restandardise?: boolean
}

/** The heading of the options of pictures. */
const picturesHeading = 'Pictures'

/** Adds the options of {@link FitOptions}. */
export function addFitOptions(command: Command): Command {
  return inGroup(command, picturesHeading, (group) =>
    group
      .addOption(
        new Option('--fit <mode>', 'how a picture that is not square is fitted to the model')
          .choices(['cover', 'contain'])
          .default('cover'),
      )
      .option(
        '--background <colour>',
        'background colour around a picture with --fit contain',
        colour,
        '#ffffff',
      )
      .option(
        '--crop <x,y,width,height>',
        'part of the picture that the model sees, in source pixels',
        cropRectangle,
      ),
  )
}

/**
 * Adds the options of the commands that use the latents of pictures: how the model sees the pictures, and
 * whether the latents are repaired.
 */
export function addPictureLatentOptions(command: Command): Command {
  inGroup(addFitOptions(command), picturesHeading, (group) =>
    group.option(
      '--restandardise',
      're-standardise the latents: shift and scale them to mean 0 and standard deviation 1',
    ),
  )
  return addEncodingOptions(command)
}

/** Returns how pictures are fitted; `--crop` takes precedence over `--fit`. */
function fitOf({ fit, background, crop }: FitOptions): FitSettings {
  if (crop) return crop
  return fit === 'contain' ? { mode: 'contain', background } : { mode: 'cover' }
}

/** Returns a picture with everything that determines its latent. */
export function pictureLatentOf(
  path: string,
  options: PictureLatentOptions,
): Extract<LatentSource, { kind: 'picture' }> {
  return {
    kind: 'picture',
    picture: { path, fit: fitOf(options) },
    encode: encodeSettingsOf(options),
    restandardise: options.restandardise ?? false,
    ...conditionFieldsOf(options),
  }
}
