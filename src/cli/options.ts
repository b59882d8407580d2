import { conditioningTimesteps, type ConditioningTimestep } from '#core/diffusion/path'
import { timestepSpacingIds, type TimestepSpacing } from '#core/diffusion/timestepSpacings/registry'
import { allPredictionTypes } from '#core/diffusion/schedulerConfig'
import { solverIds, type SolverId } from '#core/diffusion/solvers/registry'
import type { DecodeSettings, EncodeSettings, TrajectorySettings } from '#core/diffusion/settings'
import { Option, type Command } from 'commander'
import type { ModelReading, ModelSource } from '#shared/modelSource'
import type { FitSettings } from '#shared/pictureSource'
import { enlargements, type Enlargement } from '#core/picture/enlarge'
import { repeats, type Repeat } from '#core/timeline/playOrder'
import { deviceChoices, precisions, type DeviceChoice, type Precision } from '#shared/devices'
import { exportFormats, listEndings, type ExportFormat } from '#shared/exportFormats'
import { limits } from '#shared/limits'
import { standardPreset } from '#shared/presets'
import { bundledModelName } from '#files/installation'
import { locateModel, type Installation } from './installation'
import { colour, cropRectangle, listOf, outputPath, realNumber, somePath, wholeNumber } from './parsers'

/** The server that evaluates a network, where one does. */
interface ServerOptions {
  server?: string
  serverModel: string
  serverVersion?: string
  serverHeader?: string
  serverCa?: string
  serverFallback: 'wait' | 'cpu'
}

/** What every command that runs a network takes. */
export interface ModelOptions extends ModelReading, ServerOptions {
  model: string
  threads: number
  device: DeviceChoice
  precision: Precision
  json?: boolean
}

/** How deep into the noise latents are, and whether decoding from there clips. */
export interface DepthOptions {
  end?: number
  clip?: boolean
}

/** What the commands that encode or decode take. */
export interface CommonOptions extends ModelOptions, DepthOptions {
  solver: SolverId
  timestepSpacing: TimestepSpacing
  steps: number
  timesteps?: number[]
  eta: number
  sigmaHat?: boolean
  seed: number
  class?: number
  prompt?: string
  sourcePrompt?: string
  guidance?: number
}

/** What the commands that read pictures take besides. */
export interface FitOptions {
  fit: 'cover' | 'contain'
  background: string
  crop?: FitSettings
}

/** What the commands that encode take besides. */
export interface EncodingOptions extends CommonOptions {
  conditioningTimestep: ConditioningTimestep
  loosen?: number
}

/** What the commands that use the latents of pictures take. */
export interface PictureLatentOptions extends EncodingOptions, FitOptions {
  restandardise?: boolean
}

/** What a model is read as where its own configuration is wrong. */
export function addReadingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--prediction <type>',
        'what the network predicts, where its scheduler configuration is wrong',
      ).choices(allPredictionTypes),
    )
    .option(
      '--timestep-scale <factor>',
      'what timesteps are multiplied by before the network is shown them: 0.001 for one trained on 0 to 1 with T = 1000',
      realNumber(limits.timestepScale),
    )
}

/** The options of {@link ModelOptions}. */
export function addModelOptions(command: Command): Command {
  return addServerOptions(addReadingOptions(command))
    .option(
      '-m, --model <folder>',
      'diffusers folder, .onnx graph, or the name of a bundled model',
      somePath,
      bundledModelName,
    )
    .addOption(
      new Option('--threads <count>', 'CPU threads; 0 takes all that this process may use')
        .argParser(wholeNumber(limits.threads))
        .env('SLURM_CPUS_PER_TASK')
        .default(0),
    )
    .addOption(
      new Option('--device <name>', 'what computes; auto takes the fastest that has proved itself')
        .choices(deviceChoices)
        .default('auto'),
    )
    .addOption(
      new Option('--precision <kind>', 'how exactly it computes, where that has proved itself')
        .choices(precisions)
        .default('fp32'),
    )
    .option('--json', 'print one JSON object on stdout')
}

/** The options of {@link CommonOptions}, with those of the Standard preset for defaults. */
export function addCommonOptions(command: Command): Command {
  const { encode, decode } = standardPreset
  return addConditionOptions(addDepthOptions(addModelOptions(command)))
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
      'timesteps by hand, ascending, by comma: for a spacing that takes them; their number is that of the steps',
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
}

/** What a model is shown besides a picture: a class, or texts. */
export function addConditionOptions(command: Command): Command {
  return addClassOption(command)
    .option('--prompt <text>', 'what the picture shows, for a model that is shown texts (default: nothing)')
    .option(
      '--source-prompt <text>',
      'what guidance leads away from: a picture is encoded on it (default: the prompt), for seeds it is the negative prompt (default: nothing)',
    )
    .option(
      '--guidance <number>',
      'how far decoding goes from the source prompt to the prompt and beyond; 1 is the prompt itself (default: 1)',
      realNumber(limits.guidance),
    )
}

/** Which class of a class-conditional model. */
export function addClassOption(command: Command): Command {
  return command.option('--class <number>', 'class, for a class-conditional model', wholeNumber(limits.class))
}

/** The condition of a latent, as a command line tells it. */
export function conditionFieldsOf({
  class: classIndex,
  prompt,
  sourcePrompt,
}: Pick<CommonOptions, 'class' | 'prompt' | 'sourcePrompt'>) {
  return { class: classIndex, prompt, sourcePrompt }
}

/** The options of {@link DepthOptions}. */
export function addDepthOptions(command: Command): Command {
  return command
    .option(
      '--end <timestep>',
      'noisiest timestep, where latents are (default: the last with sigma at most 160)',
      wholeNumber(limits.timestep),
    )
    .option('--clip', 'clip the predicted picture to its range while decoding')
}

/** The options of {@link EncodingOptions}. */
export function addEncodingOptions(command: Command): Command {
  return addCommonOptions(command)
    .addOption(
      new Option(
        '--conditioning-timestep <which>',
        'timestep shown to the network while encoding: of the state it is given, or of the next',
      )
        .choices(conditioningTimesteps)
        .default(standardPreset.encode.conditioningTimestep),
    )
    .option(
      '--loosen <percent>',
      'replace the first timesteps of the inversion by noise of --seed: latents that keep too much of their picture mix better',
      realNumber(limits.loosen),
    )
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

/** The model that a command line asks for, and how it is to be run. */
export function modelOf(
  installation: Installation,
  { model, threads, device, precision, prediction, timestepScale, ...options }: ModelOptions,
): ModelSource {
  const server = serverOf(options)
  return {
    path: locateModel(installation, model),
    threads,
    device,
    precision,
    prediction,
    timestepScale,
    server,
  }
}

/** The server that a command line names, if any. */
function serverOf({
  server: url,
  serverModel: model,
  serverVersion: version,
  serverHeader: header,
  serverCa: ca,
  serverFallback: fallback,
}: ServerOptions): ModelSource['server'] {
  return url === undefined ? undefined : { url, model, version, header, ca, fallback }
}

/** Where the network of a model is evaluated in the place of this machine. */
function addServerOptions(command: Command): Command {
  return command
    .option(
      '--server <url>',
      'a server that evaluates the network by KServe v2, such as Triton: http://host:8000',
    )
    .option('--server-model <name>', 'what the server calls the model', 'unet')
    .option('--server-version <version>', 'of its model (default: the newest)')
    .option(
      '--server-header <line>',
      '"Name: value", sent with every request; SLERP_STUDIO_SERVER_TOKEN is a bearer token',
    )
    .option('--server-ca <file>', 'certificate authority to trust, PEM', somePath)
    .addOption(
      new Option('--server-fallback <what>', 'when the server is gone: wait for it, or go on with the CPU')
        .choices(['wait', 'cpu'])
        .default('wait'),
    )
}

/** What both directions have in common; a list of timesteps by hand says how many steps there are. */
function trajectoryOf({ solver, timestepSpacing, steps, timesteps }: CommonOptions): TrajectorySettings {
  return { solver, timestepSpacing, steps: timesteps?.length ?? steps, timesteps }
}

/** How a command line has pictures encoded. */
export function encodeSettingsOf(options: EncodingOptions): EncodeSettings {
  const { conditioningTimestep, end, loosen: percent, seed } = options
  const loosen = percent ? { percent, seed } : undefined
  return { ...trajectoryOf(options), conditioningTimestep, endTimestep: end, ...(loosen && { loosen }) }
}

/** How a command line has latents decoded. */
export function decodeSettingsOf(options: CommonOptions): DecodeSettings {
  const { eta, sigmaHat = false, seed, clip = false, guidance } = options
  return { ...trajectoryOf(options), eta, sigmaHat, seed, clip, ...(guidance !== undefined && { guidance }) }
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

/** What the commands that write an animation take. */
export interface AnimationOptions {
  fps: number
  scale: number
  enlarge: Enlargement
  batch?: number
  format?: ExportFormat
  repeat: Repeat
  once?: boolean
  pingPong?: boolean
  quality: number
  force?: boolean
}

/** What the commands that write an animation take: where it goes and how. */
export function addOutputOptions(command: Command, defaultOutput?: string): Command {
  return command
    .option(
      '-o, --output <path>',
      `a folder for PNG frames, or a file in ${listEndings()}; .png is a contact sheet`,
      outputPath,
      defaultOutput,
    )
    .addOption(
      new Option('--format <name>', 'the format, where the name of the output does not tell it').choices(
        exportFormats,
      ),
    )
    .option('--fps <rate>', 'frames a second', realNumber(limits.fps), 20)
    .option(
      '--scale <factor>',
      `enlarge each frame ${limits.scale.min} to ${limits.scale.max} times`,
      wholeNumber(limits.scale),
      1,
    )
    .addOption(
      new Option('--enlarge <way>', 'how frames are enlarged').choices(enlargements).default('lanczos'),
    )
    .option(
      '--batch <count>',
      'latents decoded together (default: what the device does best)',
      wholeNumber(limits.batch),
    )
    .option('--quality <percent>', `of ${listEndings(({ lossy }) => lossy)}`, wholeNumber(limits.quality), 90)
    .addOption(
      new Option('--repeat <kind>', 'how the animation plays again').choices(repeats).default('forever'),
    )
    .addOption(new Option('--once').hideHelp())
    .addOption(new Option('--ping-pong').hideHelp())
    .option('-f, --force', 'overwrite the output')
}
