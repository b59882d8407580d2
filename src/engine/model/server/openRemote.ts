import { setTimeout } from 'node:timers/promises'
import type { ComputeInfo } from '#shared/reports'
import { StudioError } from '#shared/errors'
import type { InferenceServer } from '#shared/inferenceServer'
import type { Network } from '../network/Network'
import type { Turns } from '../network/Turns'
import { bindModel, type ShownInputs } from './bindModel'
import { RemoteNetwork } from './RemoteNetwork'
import { ServerClient, ServerOutage, type ServedModel } from './ServerClient'

/** The time limit for a server to respond when a model is opened, in seconds. */
const openingPatience = 20

/**
 * Opens the network of a model on a server.
 *
 * @param shown  what the network is shown
 * @param takesTexts  whether it is also shown texts
 * @param reference  the same network on this machine's CPU
 * @param turns  those of this machine
 * @param placed  the device that was requested
 * @returns the network, and what computes it
 * @throws StudioError SERVER_FAILED if there is no response for a while; FORBIDDEN, BAD_INPUT, UNSUPPORTED or
 *   MODEL_MISMATCH
 */
export async function openRemote(
  server: InferenceServer,
  { takesTexts, ...shown }: ShownInputs & { readonly takesTexts: boolean },
  { reference, turns, placed }: { reference: Network; turns: Turns; placed: ComputeInfo },
): Promise<{ network: Network; compute: ComputeInfo }> {
  if (takesTexts) {
    throw new StudioError(
      'UNSUPPORTED',
      'This model is text-conditional, which servers are not asked yet: leave --server out.',
    )
  }
  const client = await ServerClient.open(server)
  try {
    const served = await describeWithPatience(client, server)
    const where = `The server ${server.url}, asked for "${server.model}",`
    const bound = bindModel(served, { ...shown, outputChannels: reference.outputChannels, where })
    const { precision, runtime } = bound
    const version = bound.version === null ? '' : ` version ${bound.version}`
    const device = `${server.model}${version} at ${server.url}`
    const compute = {
      ...placed,
      provider: 'server' as const,
      precision,
      askedPrecision: precision,
      device,
      runtime,
    }
    return { network: new RemoteNetwork({ server, client, bound, shown, reference, turns }), compute }
  } catch (error) {
    await client.close()
    throw error
  }
}

async function describeWithPatience(client: ServerClient, { url }: InferenceServer): Promise<ServedModel> {
  const deadline = Date.now() + 1000 * openingPatience
  for (;;) {
    try {
      return await client.describe()
    } catch (error) {
      if (!(error instanceof ServerOutage)) throw error
      if (Date.now() > deadline) throw error.failure ?? notAnswering(url, error.message)
      await setTimeout(500)
    }
  }
}

function notAnswering(url: string, why: string): StudioError {
  return new StudioError(
    'SERVER_FAILED',
    `The server ${url} does not answer (${why}): start it, or leave --server out.`,
  )
}
