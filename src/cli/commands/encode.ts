import type { Command } from 'commander'
import { withEngine } from '../engineCall'
import type { CommandEnvironment } from '../installation'
import { decodeSettingsOf } from '../diffusionOptions'
import { modelOf } from '../modelOptions'
import { addPictureLatentOptions, pictureLatentOf, type PictureLatentOptions } from '../pictureOptions'
import { defaultName, describeLatentReport } from '../output'
import { somePath, outputPath } from '../parsers'
import { printResult } from '../terminal'

interface EncodeOptions extends PictureLatentOptions {
  output?: string
  force?: boolean
}

/** `encode IMG`: encodes a picture to a latent file. */
export function addEncodeCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('encode')
    .description('encode a picture to its DDIM latent, decode it again, and report the error')
    .argument('<picture>', 'PNG, JPEG, WebP, GIF, AVIF, HEIC or TIFF', somePath)
    .option(
      '-o, --output <file>',
      'latent file, .safetensors or .npy (default: the picture’s name)',
      outputPath,
    )
    .option('-f, --force', 'overwrite the output')
  addPictureLatentOptions(command).action((picture: string, options: EncodeOptions) =>
    withEngine(installation, async (call) => {
      const path = options.output ?? defaultName(picture, '.safetensors')
      const report = await call('latent.save', {
        model: modelOf(installation, options),
        latent: pictureLatentOf(picture, options),
        decode: decodeSettingsOf(options),
        path,
        overwrite: options.force,
      })
      printResult(options.json ?? false, { ok: true, path, ...report }, [
        describeLatentReport(report),
        `Latent: ${path}`,
      ])
    }),
  )
}
