import type { Command } from 'commander'
import { runExport } from './export'
import type { Installation } from './engineCall'
import { addCommonOptions, addOutputOptions, type AnimationOptions, type CommonOptions } from './options'
import { defaultName } from './output'

interface DecodeOptions extends CommonOptions, AnimationOptions {
  output?: string
}

/** `decode LATENT`: a latent file becomes a picture again. */
export function addDecodeCommand(program: Command, installation: Installation): void {
  const command = program
    .command('decode')
    .description('decode a latent file to a picture')
    .argument('<latent>', '.safetensors or .npy file')
  addOutputOptions(addCommonOptions(command)).action((latent: string, options: DecodeOptions) =>
    runExport(installation, options, {
      plan: { kind: 'list', latents: [{ kind: 'file', path: latent }] },
      output: options.output ?? defaultName(latent, '.png'),
    }),
  )
}
