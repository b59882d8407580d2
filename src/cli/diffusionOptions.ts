/** Options for encoding pictures and decoding latents. */
import { Option, type Command } from 'commander'
import { conditioningTimesteps, type ConditioningTimestep } from '#core/diffusion/path'
import type { DecodeSettings, EncodeSettings, TrajectorySettings } from '#core/diffusion/settings'
import { solverIds, type SolverId } from '#core/diffusion/solvers/registry'
import { timestepSpacingIds, type TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import { limits } from '#shared/limits'
import { presetFor, standardPreset, stateKindOf, type StateKind } from '#shared/presets'
import { addConditionOptions, type ConditionOptions } from './conditionOptions'
import type { EngineCall } from './engineCall'
import { inGroup } from './inGroup'
import type { Installation } from './installation'
import { addModelOptions, modelOf, type ModelOptions } from './modelOptions'
import { listOf, realNumber, wholeNumber } from './parsers'

/** How noisy latents are, and whether decoding clips. */
export interface DepthOptions {
  end?: number
  clip?: boolean
}

/** The options of the commands that encode or decode. */
export interface DiffusionOptions extends ModelOptions, ConditionOptions, DepthOptions {
  solver: SolverId
  timestepSpacing: TimestepSpacing
  /** Undefined for those of the model's Standard preset: see {@link withPresetSteps}. */
  steps?: number
  timesteps?: number[]
  eta: number
  sigmaHat?: boolean
  seed: number
}

/** The additional options of the commands that encode. */
export interface EncodingOptions extends DiffusionOptions {
  conditioningTimestep: ConditioningTimestep
  loosen?: number
}

/** Options whose number of steps is known. */
export type Settled<Options extends DiffusionOptions> = Options & { readonly steps: number }

/** The heading of the options that say how pictures are encoded and latents decoded. */
const steppingHeading = 'Encoding and decoding'

/** Adds the options of {@link DepthOptions}. */
export function addDepthOptions(command: Command): Command {
  return command
    .option(
      '--end <timestep>',
      'noisiest timestep, where latents live (default: the last with sigma at most 160)',
      wholeNumber(limits.timestep),
    )
    .option('--clip', 'clip the predicted picture to its range while decoding')
}

/** Adds the options of {@link DiffusionOptions}, with the Standard preset as defaults. */
export function addDiffusionOptions(command: Command): Command {
  inGroup(command, steppingHeading, addSteppingOptions)
  return addModelOptions(addConditionOptions(command))
}

const stepsOf = (kind: StateKind) => presetFor(kind, 'standard').encode.steps
const defaultSteps = `${stepsOf('pixels')}; ${stepsOf('codes')} for a model with an autoencoder`

function addSteppingOptions(command: Command): void {
  const { encode, decode } = standardPreset
  command
    .option(
      '--steps <count>',
      `steps each way, 1 to the number of training timesteps (default: ${defaultSteps})`,
      wholeNumber(limits.steps),
    )
    .addOption(
      new Option('--solver <name>', 'how one step is computed').choices(solverIds).default(encode.solver),
    )
    .addOption(
      new Option('--timestep-spacing <name>', 'which timesteps the steps visit')
        .choices(timestepSpacingIds)
        .default(encode.timestepSpacing),
    )
    .option(
      '--timesteps <list>',
      'explicit timesteps, ascending, separated by commas, for a spacing that takes them; there must be as many as steps',
      listOf(wholeNumber({ min: 0, max: limits.timestep.max })),
    )
    .option(
      '--eta <fraction>',
      'noise while decoding: 0 is DDIM, 1 is DDPM',
      realNumber(limits.eta),
      decode.eta,
    )
    .option('--sigma-hat', "the paper's larger noise while decoding (appendix D.3)")
    .option('--seed <number>', 'seed of every random draw', wholeNumber(limits.seed), 0)
  addDepthOptions(command)
}

/** Adds the options of {@link EncodingOptions}. */
export function addEncodingOptions(command: Command): Command {
  return inGroup(addDiffusionOptions(command), steppingHeading, (group) =>
    group
      .addOption(
        new Option(
          '--conditioning-timestep <which>',
          'timestep passed to the network while encoding: that of the current state or of the next one',
        )
          .choices(conditioningTimesteps)
          .default(standardPreset.encode.conditioningTimestep),
      )
      .option(
        '--loosen <percent>',
        'replace the first timesteps of the inversion with noise from --seed: latents that keep too much of their picture then mix better',
        realNumber(limits.loosen),
      ),
  )
}

/** Returns the options with the steps of the model's Standard preset if the command line names none. */
export async function withPresetSteps<Options extends DiffusionOptions>(
  call: EngineCall,
  installation: Installation,
  options: Options,
): Promise<Settled<Options>> {
  const {
    steps = stepsOf(stateKindOf(await call('model.headers', { model: modelOf(installation, options) }))),
  } = options
  return { ...options, steps }
}

/** The settings common to both directions; an explicit list of timesteps determines the number of steps. */
function trajectoryOf(options: Settled<DiffusionOptions>): TrajectorySettings {
  const { solver, timestepSpacing, steps, timesteps } = options
  return { solver, timestepSpacing, steps: timesteps?.length ?? steps, timesteps }
}

/** Returns the encoding settings of a command line. */
export function encodeSettingsOf(options: Settled<EncodingOptions>): EncodeSettings {
  const { conditioningTimestep, end, loosen: percent, seed } = options
  const loosen = percent ? { percent, seed } : undefined
  return { ...trajectoryOf(options), conditioningTimestep, endTimestep: end, ...(loosen && { loosen }) }
}

/** Returns the decoding settings of a command line. */
export function decodeSettingsOf(options: Settled<DiffusionOptions>): DecodeSettings {
  const { eta, sigmaHat = false, seed, clip = false, guidance } = options
  return { ...trajectoryOf(options), eta, sigmaHat, seed, clip, ...(guidance !== undefined && { guidance }) }
}
