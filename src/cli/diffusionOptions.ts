/** Options for encoding pictures and decoding latents. */
import { Option, type Command } from 'commander'
import { conditioningTimesteps, type ConditioningTimestep } from '#core/diffusion/path'
import type { DecodeSettings, EncodeSettings, TrajectorySettings } from '#core/diffusion/settings'
import { solverIds, type SolverId } from '#core/diffusion/solvers/registry'
import {
  timestepSpacingIds,
  timestepSpacingOf,
  timestepSpacings,
  type TimestepSpacing,
} from '#core/diffusion/timestepSpacings/registry'
import { StudioError } from '#shared/errors'
import { limits } from '#shared/limits'
import { defaultSettings } from '#shared/presets'
import { addConditionOptions, type ConditionOptions } from './conditionOptions'
import { inGroup } from './inGroup'
import { addModelOptions, type ModelOptions } from './modelOptions'
import { listOf, realNumber, wholeNumber } from './parsers'

/** Where encoding ends, and whether decoding clips. */
export interface EndOptions {
  end?: number
  clip?: boolean
}

/** The options of the commands that encode or decode. */
export interface DiffusionOptions extends ModelOptions, ConditionOptions, EndOptions {
  solver: SolverId
  timestepSpacing: TimestepSpacing
  steps: number
  timesteps?: readonly number[]
  eta: number
  sigmaHat?: boolean
  seed: number
}

/** The additional options of the commands that encode. */
export interface EncodingOptions extends DiffusionOptions {
  conditioningTimestep: ConditioningTimestep
  loosen?: number
}

/** The heading of the options that say how pictures are encoded and latents decoded. */
const steppingHeading = 'Encoding and decoding'

/** Adds the options of {@link EndOptions}. */
export function addEndOptions(command: Command): Command {
  return command
    .option(
      '--end <timestep>',
      'end timestep: where encoding stops and decoding starts (default: the last with sigma at most 160)',
      wholeNumber(limits.timestep),
    )
    .option('--clip', 'clip the predicted picture to its range while decoding')
}

/** Adds the options of {@link DiffusionOptions}, with the default settings of every model. */
export function addDiffusionOptions(command: Command): Command {
  inGroup(command, steppingHeading, addSteppingOptions)
  return addModelOptions(addConditionOptions(command))
}

function addSteppingOptions(command: Command): void {
  const { encode, decode } = defaultSettings
  command
    .option(
      '--steps <count>',
      'steps each way, 1 to the number of training timesteps',
      wholeNumber(limits.steps),
      encode.steps,
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
      'explicit timesteps, ascending, separated by commas, for a spacing that takes a list; sets the number of steps',
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
  addEndOptions(command)
  command.hook('preAction', () => requireSameCount(command))
}

/** @throws StudioError BAD_INPUT if --steps and --timesteps on the command line name different numbers of steps */
function requireSameCount(command: Command): void {
  const { steps, timesteps } = command.opts<DiffusionOptions>()
  if (!timesteps || command.getOptionValueSource('steps') === 'default' || steps === timesteps.length) return
  throw new StudioError(
    'BAD_INPUT',
    `--timesteps lists ${timesteps.length} timesteps and --steps asks for ${steps}: leave --steps out.`,
  )
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
          .default(defaultSettings.encode.conditioningTimestep),
      )
      .option(
        '--loosen <percent>',
        'replace the first timesteps of the inversion with noise from --seed: latents that keep too much of their picture then mix better',
        realNumber(limits.loosen),
      ),
  )
}

/**
 * The settings common to both directions; an explicit list of timesteps determines the number of steps.
 *
 * @throws StudioError BAD_INPUT for such a list with a timestep spacing that takes none
 */
function trajectoryOf({ solver, timestepSpacing, steps, timesteps }: DiffusionOptions): TrajectorySettings {
  if (timesteps && !timestepSpacingOf(timestepSpacing).takesTimesteps) {
    const takers = timestepSpacings.filter((row) => row.takesTimesteps).map(({ id }) => id)
    throw new StudioError(
      'BAD_INPUT',
      `The timestep spacing ${timestepSpacing} takes no --timesteps: add --timestep-spacing ${takers.join(' or ')}, or leave them out.`,
    )
  }
  return { solver, timestepSpacing, steps: timesteps?.length ?? steps, timesteps }
}

/** Returns the encoding settings of a command line. */
export function encodeSettingsOf(options: EncodingOptions): EncodeSettings {
  const { conditioningTimestep, end, loosen: percent, seed } = options
  const loosen = percent ? { percent, seed } : undefined
  return { ...trajectoryOf(options), conditioningTimestep, endTimestep: end, ...(loosen && { loosen }) }
}

/** Returns the decoding settings of a command line. */
export function decodeSettingsOf(options: DiffusionOptions): DecodeSettings {
  const { eta, sigmaHat = false, seed, clip = false, guidance } = options
  return { ...trajectoryOf(options), eta, sigmaHat, seed, clip, ...(guidance !== undefined && { guidance }) }
}
