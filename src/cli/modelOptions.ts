/** Options that choose the network and what it runs on. */
import { Option, type Command } from 'commander'
import { allPredictionTypes } from '#core/diffusion/schedulerConfig'
import { bundledModelName } from '#files/installation'
import { deviceChoices, precisions, type DeviceChoice, type Precision } from '#shared/devices'
import { inferenceServer } from '#shared/inferenceServer'
import { limits } from '#shared/limits'
import type { ModelReading, ModelSource } from '#shared/modelSource'
import { inGroup } from './inGroup'
import { locateModel, type CommandEnvironment } from './installation'
import { requireBeside } from './optionNeeds'
import { acceptedBy, realNumber, somePath, wholeNumber } from './parsers'

/** The server that evaluates the network, if there is one. */
interface ServerOptions {
  server?: string
  serverModel: string
  serverVersion?: string
  serverHeader?: string
  serverCa?: string
  serverFallback: 'wait' | 'cpu'
}

/** The options of every command that runs a network. */
export interface ModelOptions extends ModelReading, ServerOptions {
  model: string
  threads: number
  device: DeviceChoice
  precision: Precision
  json?: boolean
}

/** Adds the options that correct a model's wrong configuration. */
export function addReadingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--prediction <type>',
        'what the network predicts, if its scheduler configuration is wrong',
      ).choices(allPredictionTypes),
    )
    .option(
      '--timestep-scale <factor>',
      'factor that timesteps are multiplied by before they reach the network: 0.001 for one trained on 0 to 1 with T = 1000',
      realNumber(limits.timestepScale),
    )
}

/** Adds the options of {@link ModelOptions}. */
export function addModelOptions(command: Command): Command {
  inGroup(command, 'Model', (group) => {
    group.option(
      '-m, --model <folder>',
      'diffusers folder, .onnx graph, or the name of a bundled model',
      somePath,
      bundledModelName,
    )
    addReadingOptions(group)
  })
  inGroup(command, 'Device', addDeviceOptions)
  inGroup(command, 'Inference server', addServerOptions)
  requireBeside<ServerOptions>(
    command,
    ['serverModel', 'serverVersion', 'serverHeader', 'serverCa', 'serverFallback'],
    '--server',
    ({ server }) => server !== undefined,
  )
  return command.option('--json', 'print one JSON object on stdout')
}

/**
 * Returns the number of CPU threads that Slurm grants a task, up to the most that a model runs on; 0 outside of
 * Slurm, and for anything but a whole number.
 */
export function threadsOfSlurm(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment['SLURM_CPUS_PER_TASK'] ?? ''
  return /^\d+$/.test(text) ? Math.min(Number(text), limits.threads.max) : 0
}

/** Adds the options that choose what computes on this machine. */
function addDeviceOptions(command: Command): void {
  command
    .addOption(
      new Option('--threads <count>', 'CPU threads; 0 uses all that this process may use')
        .argParser(wholeNumber(limits.threads))
        .default(threadsOfSlurm(process.env), 'Slurm’s SLURM_CPUS_PER_TASK, otherwise 0'),
    )
    .addOption(
      new Option('--device <name>', 'device to compute on; auto takes the fastest one that passed its test')
        .choices(deviceChoices)
        .default('auto'),
    )
    .addOption(
      new Option('--precision <kind>', 'precision to compute in, where it passed its test')
        .choices(precisions)
        .default('fp32'),
    )
}

/** Adds the options of a server that evaluates the network instead of this machine. */
function addServerOptions(command: Command): void {
  const { url, model, version, header } = inferenceServer.shape
  command
    .option(
      '--server <url>',
      'KServe v2 server that evaluates the network, such as Triton: http://host:8000',
      acceptedBy(
        url,
        'Give an address that begins with http:// or https://, such as http://host:8000; put credentials in --server-header.',
      ),
    )
    .option(
      '--server-model <name>',
      'name of the model on the server',
      acceptedBy(model, 'Give the name of the model on the server.'),
      'unet',
    )
    .option(
      '--server-version <version>',
      'version of that model (default: the newest)',
      acceptedBy(version, 'Give a version of the model on the server, such as 1.'),
    )
    .option(
      '--server-header <line>',
      '"Name: value", a header sent with every request (default: the bearer token in SLERP_STUDIO_SERVER_TOKEN, if there is one)',
      acceptedBy(header, 'Give a header as "Name: value".'),
    )
    .option('--server-ca <file>', 'certificate authority to trust, PEM', somePath)
    .addOption(
      new Option(
        '--server-fallback <what>',
        'when the server is unreachable: wait for it, or continue on the CPU',
      )
        .choices(['wait', 'cpu'])
        .default('wait'),
    )
}

/** Returns the model that a command line asks for, and how to run it. */
export function modelOf(
  installation: CommandEnvironment,
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

/** Returns the server that a command line names, if any. */
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
