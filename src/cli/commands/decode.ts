import type { Command } from 'commander'
import type { EncodeSettings } from '#core/diffusion/settings'
import { timestepSpacingOf } from '#core/diffusion/timestepSpacings/registry'
import { latentEndings } from '#shared/fileKinds'
import { runExport } from '../export'
import type { CommandEnvironment } from '../installation'
import { conditionFieldsOf } from '../conditionOptions'
import { addDiffusionOptions, decodeSettingsOf, type DiffusionOptions } from '../diffusionOptions'
import { modelOf } from '../modelOptions'
import { explainDefault } from '../explainDefault'
import { addOutputOptions, endingOf, type OutputOptions } from '../outputOptions'
import { defaultName } from '../output'
import { somePath } from '../parsers'

interface DecodeOptions extends DiffusionOptions, OutputOptions {
  output?: string
}

type Solver = Pick<EncodeSettings, 'solver' | 'timestepSpacing' | 'steps' | 'timesteps'>

/** `decode LATENT`: decodes a latent file, with the settings it was encoded with unless overridden. */
export function addDecodeCommand(program: Command, installation: CommandEnvironment): void {
  const command = program
    .command('decode')
    .description(
      'decode a latent file to a picture, with the settings it was encoded with unless options say otherwise',
    )
    .argument('<latent>', `latent file: ${latentEndings}`, somePath)
  addDiffusionOptions(addOutputOptions(command)).action((path: string, options: DecodeOptions) =>
    runExport(installation, options, async (call) => {
      const latent = { kind: 'file' as const, path, endTimestep: options.end, ...conditionFieldsOf(options) }
      const { encode } = await call('latent.info', { model: modelOf(installation, options), latent })
      return {
        plan: { kind: 'list', latents: [latent] },
        output: options.output ?? defaultName(path, endingOf(options.format ?? 'contactSheet')),
        decode: decodeSettingsOf({ ...options, ...(encode && whatWasNotGiven(command, encode)) }),
      }
    }),
  )
  for (const flag of ['--solver', '--timestep-spacing', '--steps'])
    explainDefault(command, flag, 'that of the latent, or else that of encode')
  explainDefault(command, '--end', 'that of the latent, or else the last with sigma at most 160')
  explainDefault(command, '--output', 'the latent’s name, ending in .png or as --format says')
}

/**
 * Returns the settings of a latent that the command line leaves open. Its list of timesteps and its number of
 * steps give way to any of the options that choose timesteps.
 */
export function whatWasNotGiven(command: Command, settings: Solver): Partial<Solver> {
  const { solver, timestepSpacing, steps, timesteps } = settings
  const isOpen = (name: keyof Solver) => [undefined, 'default'].includes(command.getOptionValueSource(name))
  const isCountOpen = isOpen('steps') && isOpen('timesteps')
  // A spacing of listed timesteps is of no use without a list.
  const isSpacingKept =
    isCountOpen || !isOpen('timesteps') || !timestepSpacingOf(timestepSpacing).takesTimesteps
  return {
    ...(isOpen('solver') && { solver }),
    ...(isOpen('timestepSpacing') && isSpacingKept && { timestepSpacing }),
    ...(isCountOpen && { steps }),
    ...(isCountOpen && isOpen('timestepSpacing') && timesteps && { timesteps }),
  }
}
