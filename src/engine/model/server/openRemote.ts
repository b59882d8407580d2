import { setTimeout } from 'node:timers/promises'
import type { ComputeInfo } from '#shared/reports'
import { StudioError } from '#shared/errors'
import type { InferenceServer } from '#shared/inferenceServer'
import type { Network } from '../network/Network'
import type { Turns } from '../network/Turns'
import { bindModel, type ShownInputs } from './bindModel'
import { LazyRemoteNetwork } from './LazyRemoteNetwork'
import { RemoteNetwork } from './RemoteNetwork'
import type { SeenCompute, SeenServers } from './SeenServers'
import { ServerClient, ServerOutageError, type ServedModel } from './ServerClient'

/** The time limit for a server to respond before its model is used, in seconds. */
const openingPatience = 20

/** The time limit for the answer of a server whose results can be looked up without it, in seconds. */
const lookLimit = 5

/** The parts of a model that are opened here although a server evaluates it. */
export interface RemoteParts {
  /** The network's inputs, and whether it also takes texts. */
  readonly shown: ShownInputs & { readonly takesTexts: boolean }
  /** The same network on this machine's CPU. */
  readonly reference: Network
  /** The turns of this machine. */
  readonly turns: Turns
  /** The device that was requested. */
  readonly placed: ComputeInfo
  /** Called when the server computes with something else than before: the model has to be opened again. */
  readonly onReplaced?: () => void
}

/** An open network, and what computes it. */
interface OpenedNetwork {
  readonly network: Network
  readonly compute: ComputeInfo
}

/**
 * Opens the network of a model on a server.
 *
 * @throws StudioError SERVER_FAILED if there is no response for a while, or DEVICE_FAILED if the CPU takes over then;
 *   FORBIDDEN, BAD_INPUT, UNSUPPORTED or MODEL_MISMATCH
 */
export function openRemote(server: InferenceServer, parts: RemoteParts): Promise<OpenedNetwork> {
  return openDescribed(server, parts, (client) => describeWithPatience(client, server))
}

/**
 * Opens the network of a model on a server so that its results can be looked up even while the server gives no
 * usable answer: it is then presumed to compute with the same device and runtime as before. The first evaluation
 * asks it again.
 *
 * @returns also a function that asks the server again at once, which throws as {@link openRemote}, or
 *   ServerChangedError
 */
export async function openRemoteLazily(
  server: InferenceServer,
  parts: RemoteParts,
  seen: SeenServers,
): Promise<OpenedNetwork & { connect: (signal?: AbortSignal) => Promise<void> }> {
  const noted = async (opening: Promise<OpenedNetwork & { compute: { device: string } }>) => {
    const opened = await opening
    await seen.write(server, opened.compute)
    return opened
  }
  const last = await seen.read(server)
  const limit = last === null ? undefined : AbortSignal.timeout(1000 * lookLimit)
  const look = (client: ServerClient) => client.describe(limit)
  try {
    return { ...(await noted(openDescribed(server, parts, look))), connect: async () => undefined }
  } catch {
    // The first evaluation meets the same failure, and throws it.
  }
  const { placed, reference, onReplaced = () => undefined } = parts
  const presumed = last ?? {
    precision: placed.precision,
    device: `${server.model} at ${server.url}`,
    runtime: 'server that was not reached',
  }
  const open = () => noted(openDescribed(server, parts, (client) => describeWithPatience(client, server)))
  const network = new LazyRemoteNetwork({ url: server.url, presumed, reference, open, onReplaced })
  return {
    network,
    compute: computedWith(presumed, placed),
    connect: async (signal) => {
      await network.connect(signal)
    },
  }
}

async function openDescribed(
  server: InferenceServer,
  { shown: { takesTexts, ...shown }, reference, turns, placed, onReplaced }: RemoteParts,
  describe: (client: ServerClient) => Promise<ServedModel>,
): Promise<OpenedNetwork & { compute: { device: string } }> {
  if (takesTexts) {
    throw new StudioError(
      'UNSUPPORTED',
      'This model is text-conditional, which servers are not asked yet: use it without a server.',
    )
  }
  const client = await ServerClient.open(server)
  try {
    const served = await describe(client)
    const where = `The server ${server.url}, asked for "${server.model}",`
    const bound = bindModel(served, { ...shown, outputChannels: reference.outputChannels, where })
    const { precision, runtime } = bound
    const version = bound.version === null ? '' : ` version ${bound.version}`
    const device = `${server.model}${version} at ${server.url}`
    return {
      network: new RemoteNetwork({ server, client, bound, shown, reference, turns, onReplaced }),
      compute: computedWith({ precision, device, runtime }, placed),
    }
  } catch (error) {
    await client.close()
    throw error
  }
}

function computedWith({ precision, device, runtime }: SeenCompute, placed: ComputeInfo) {
  const provider = 'server' as const
  return { ...placed, provider, precision, askedPrecision: precision, device, runtime }
}

async function describeWithPatience(
  client: ServerClient,
  { url, fallback }: InferenceServer,
): Promise<ServedModel> {
  const deadline = Date.now() + 1000 * openingPatience
  for (;;) {
    try {
      return await client.describe()
    } catch (error) {
      if (!(error instanceof ServerOutageError)) throw error
      if (Date.now() > deadline) throw givenUp(error)
      await setTimeout(500)
    }
  }

  function givenUp({ message, failure }: ServerOutageError): StudioError {
    const what = `The server ${url} does not answer (${message})`
    if (fallback === 'cpu') return new StudioError('DEVICE_FAILED', what)
    return failure ?? new StudioError('SERVER_FAILED', `${what}: start it, or stop using it.`)
  }
}
