import { StudioError } from '#shared/errors'
import { readJson } from '#files/fileAccess'
import {
  codings,
  writeCoding,
  type AutoencoderPlan,
  type Coding,
} from '../graph/autoencoder/autoencoderGraph'
import { readAutoencoder } from '../graph/autoencoder/autoencoders'
import type { AutoencoderParts } from '../graph/autoencoder/builtAutoencoder'
import { tileSizeFor } from '../graph/autoencoder/tileSize'
import { computeTypes } from '../graph/graphWriter'
import { activationBytes, checkTensors } from '../graph/networkGraph'
import { readWeightEntries } from '../weights/weightFiles'
import { type ExportedCoding, readExportedCoding } from './exported/exportedAutoencoder'
import { bytesPerFloat, countParameters, type NetworkFacts, type SpaceFacts, warnOf } from './facts'
import type { ModelParts } from './parts'

/** The autoencoder of a model: built from weights, or two graphs used as they are. */
export type AutoencoderDescription =
  | ({ readonly kind: 'diffusers' } & AutoencoderParts)
  | { readonly kind: 'exported'; readonly graphs: Readonly<Record<Coding, ExportedCoding>> }

/** The facts that the two networks of an autoencoder add to those of a model. */
interface CodingFacts extends Pick<NetworkFacts, 'parameters' | 'files' | 'warnings'> {
  readonly description: AutoencoderDescription
  /** The peak bytes of activations. */
  readonly bytes: number
}

/**
 * Adds the autoencoder, if there is one, to the facts of a network.
 *
 * @throws StudioError BAD_MODEL or UNSUPPORTED
 */
export async function describeSpace(
  { id, autoencoder: parts }: ModelParts,
  network: NetworkFacts,
): Promise<{ autoencoder: AutoencoderDescription | null; facts: SpaceFacts }> {
  const [channels, height, width] = network.shape
  if (parts === null) {
    const picture = { channels: requirePictures(channels, id), height, width }
    return { autoencoder: null, facts: { ...network, picture, autoencoder: null } }
  }
  const { config } = parts
  const { autoencoder, unknown } = readAutoencoder(await readJson(config, 'BAD_MODEL'), config)
  if (autoencoder.stateChannels !== channels) throw strangers(id, channels, autoencoder.stateChannels)
  const { className, factor, pictureChannels, scalingFactor } = autoencoder
  const plan = { autoencoder, stateSize: { height, width } }
  const { description, parameters, bytes, files, warnings } =
    parts.kind === 'exported'
      ? await describeGraphs(parts, plan)
      : await describeWeights(parts.weightFiles, plan)
  const facts: SpaceFacts = {
    ...network,
    picture: { channels: pictureChannels, height: height * factor, width: width * factor },
    autoencoder: { className, config, parameters, scalingFactor },
    parameters: network.parameters + parameters,
    // Only one network runs at a time, but all of them stay open.
    memoryBytes: network.memoryBytes + bytesPerFloat * parameters + bytes,
    files: [...network.files, config, ...files],
    warnings: [...network.warnings, ...warnOf('option', unknown, config), ...warnings],
  }
  return { autoencoder: description, facts }
}

async function describeWeights(weightFiles: readonly string[], plan: AutoencoderPlan): Promise<CodingFacts> {
  const entries = await readWeightEntries(weightFiles)
  const tile = tileSizeFor(plan)
  const networks = codings.map((coding) =>
    writeCoding(coding, coding === 'decoder' && tile ? { ...plan, stateSize: tile } : plan, 1),
  )
  return {
    description: { kind: 'diffusers', ...plan, weightFiles, tile },
    parameters: countParameters(entries),
    bytes: Math.max(...networks.map((write) => activationBytes(write, computeTypes.fp32))),
    files: weightFiles,
    warnings: [
      ...warnOf('tensor', checkTensors(networks, entries), weightFiles.join(', ')),
      ...(tile ? [tilesSentence(plan.autoencoder.factor, tile)] : []),
    ],
  }
}

function tilesSentence(factor: number, { height, width }: AutoencoderPlan['stateSize']): string {
  return `Its pictures are too large to be decoded at once: they are decoded in overlapping tiles of ${width * factor} × ${height * factor}, whose colours may differ a little.`
}

/** Describes an exported autoencoder. Its activations are unknown, so their memory counts as 0. */
async function describeGraphs(
  files: Readonly<Record<Coding, string>>,
  plan: AutoencoderPlan,
): Promise<CodingFacts> {
  const encoder = await readExportedCoding('encoder', files.encoder, plan)
  const decoder = await readExportedCoding('decoder', files.decoder, plan)
  return {
    description: { kind: 'exported', graphs: { encoder, decoder } },
    parameters: encoder.parameters + decoder.parameters,
    bytes: 0,
    files: [...encoder.files, ...decoder.files],
    warnings: [],
  }
}

function strangers(id: string, network: number, autoencoder: number): StudioError {
  return new StudioError(
    'BAD_MODEL',
    `The network of ${id} works on states of ${network} channels, and its autoencoder makes states of ${autoencoder}: they do not belong together.`,
  )
}

/** Refuses latent channels without an autoencoder, on opening rather than at the first encode. */
function requirePictures(channels: number, id: string): 1 | 3 {
  if (channels === 1 || channels === 3) return channels
  throw new StudioError(
    'UNSUPPORTED',
    `${id} works on ${channels} channels, not on grey or RGB pictures, and its autoencoder is not there: choose a folder that has both, unet and vae.`,
  )
}
