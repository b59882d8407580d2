import type { Placement } from '#shared/devices'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import { Denoiser, type DenoiserOptions } from './Denoiser'
import type { TextEncoderDescription } from '../folders/describeTexts'
import { exportedCoding } from '../folders/exported/exportedAutoencoder'
import { exportedNetwork } from '../folders/exported/exportedNetwork'
import { exportedTextEncoder } from '../folders/exported/exportedTextEncoder'
import { describeModel, type ModelDescription, type NetworkDescription } from '../folders/modelInfo'
import type { Coding } from '../graph/autoencoder/autoencoderGraph'
import { builtAutoencoder } from '../graph/autoencoder/builtAutoencoder'
import { builtNetwork } from '../graph/builtNetwork'
import { builtTextEncoder, type TextEncoderSource } from '../graph/text/textEncoderSource'
import type { Evaluator, Model } from './model'
import { cpuBatch, deviceBatch } from '../network/automaticBatch'
import { computeInfoOf, type OpenableModel } from '../network/compute'
import { settledCompute } from '../network/computeRecord'
import { createOnnxSession, runtimeName } from '../network/onnx'
import { type GraphSource, OnnxNetwork } from '../network/OnnxNetwork'
import type { OpenGraph } from '../network/optimizedGraphs'
import { autoencoderSpace, type AutoencoderSpaceOptions } from '../space/autoencoderSpace'
import { pixelSpace } from '../space/pixelSpace'
import type { Space } from '../space/Space'
import { TextEncoders } from '../text/TextEncoders'
import { Turns } from '../network/Turns'
import { openRemote, openRemoteLazily, type RemoteParts } from '../server/openRemote'
import type { SeenServers } from '../server/SeenServers'

/**
 * Opens a model. For a diffusers folder, this builds the graph, which checks every tensor; an exported graph
 * is used as it is. A session is created only when the first batch of its size arrives.
 *
 * @param turns  shared by all models that are evaluated on this machine; a server has turns of its own
 * @param late  if given, a server that has no usable answer now fails evaluations, and not the opening
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED; as `openRemote` without `late`
 */
export async function openModel(
  source: OpenableModel,
  openGraph: OpenGraph = createOnnxSession,
  turns = new Turns(),
  late?: { seen: SeenServers } & Pick<RemoteParts, 'onReplaced'>,
): Promise<Model> {
  const description = await describeModel(source)
  const { schedule, info } = description
  const placed = onThisMachine(computeInfoOf(source, await runtimeName()))
  const localCompute = description.network.kind === 'exported' ? asWritten(placed) : placed
  const open: OpenGraph = (graph, options, model) =>
    openGraph(graph, { ...options, provider: placed.provider, threads: placed.threads }, model)
  const graphs = await graphsOf(description.network, info, localCompute, open)
  const codings = await codingsOf(description, placed, open)
  const { channels, height, width } = info.state
  const stateShape = [channels, height, width] as const
  const local = new OnnxNetwork(graphs, localCompute, info.path)
  const parts = {
    shown: { stateShape, classes: info.classes, takesTexts: info.takesPrompts },
    reference: local,
    turns,
    placed: localCompute,
    onReplaced: late?.onReplaced,
  }
  const { network, compute, connect } = !source.server
    ? { network: local, compute: localCompute, connect: async () => undefined }
    : late
      ? await openRemoteLazily(source.server, parts, late.seen)
      : { ...(await openRemote(source.server, parts)), connect: async () => undefined }
  const space =
    codings === null
      ? pixelSpace(stateShape)
      : openSpace(codings, { info, tile: tileOf(description), compute: placed, turns })
  const texts =
    description.texts &&
    new TextEncoders({
      encoders: description.texts.encoders.map((encoder) => textEncoderOf(encoder, info, open)),
      isPooled: description.texts.intake.isPooled,
      info,
      compute: placed,
      turns,
    })
  const bytes = mostBytes([graphs, ...Object.values(codings ?? {})])
  const evaluatorOf = (
    evaluating: Pick<DenoiserOptions, 'network' | 'turns'>,
    device: Pick<Evaluator, 'compute' | 'batch'>,
  ): Evaluator => ({
    ...device,
    denoiser: new Denoiser({
      ...evaluating,
      model: info,
      schedule,
      timestepScale: info.timestepScale,
      stateShape,
    }),
    key: JSON.stringify([info.sha256, info.scheduleHash, settledCompute(device.compute)]),
  })
  const batch = graphs.onlyBatch ?? batchOn(source.placement?.capacity, graphs, bytes)
  const here = evaluatorOf({ network: local, turns }, { compute: localCompute, batch })
  // A server that is waited for must not keep this machine from its other work.
  const onServer =
    source.server && evaluatorOf({ network, turns: new Turns() }, { compute, batch: serverBatch })
  const evaluator = onServer ?? here
  return {
    ...evaluator,
    info,
    schedule,
    space,
    texts,
    standIn: onServer ? here : null,
    connect,
    close: async () => {
      await Promise.all([evaluator.denoiser.close(), space.close()])
    },
  }
}

async function graphsOf(
  described: NetworkDescription,
  info: ModelInfo,
  { precision }: ComputeInfo,
  open: OpenGraph,
): Promise<GraphSource> {
  return described.kind === 'exported'
    ? exportedNetwork(described.graph, info, open)
    : builtNetwork(described, info, precision, open)
}

/** Returns the decoder's tile size; null for exported graphs, which take whole states only. */
function tileOf({ autoencoder }: ModelDescription): AutoencoderSpaceOptions['tile'] {
  return autoencoder?.kind === 'diffusers' ? autoencoder.tile : null
}

type Codings = Readonly<Record<Coding, GraphSource>>

async function codingsOf(
  { autoencoder, info }: ModelDescription,
  { precision }: ComputeInfo,
  open: OpenGraph,
): Promise<Codings | null> {
  if (autoencoder?.kind !== 'exported')
    return autoencoder && builtAutoencoder(autoencoder, info, precision, open)
  const { encoder, decoder } = autoencoder.graphs
  return { encoder: exportedCoding(encoder, info, open), decoder: exportedCoding(decoder, info, open) }
}

function textEncoderOf(encoder: TextEncoderDescription, info: ModelInfo, open: OpenGraph): TextEncoderSource {
  return encoder.kind === 'exported'
    ? exportedTextEncoder(encoder.graph, encoder, info, open)
    : builtTextEncoder(encoder, info, open)
}

function openSpace(
  { encoder, decoder }: Codings,
  {
    info,
    tile,
    compute,
    turns,
  }: { info: ModelInfo; tile: AutoencoderSpaceOptions['tile']; compute: ComputeInfo; turns: Turns },
): Space {
  const { picture, state } = info
  const bytes = [encoder, decoder].map(({ activationBytes }) => activationBytes ?? 0)
  return autoencoderSpace({
    model: info,
    encoder: new OnnxNetwork(encoder, compute, info.path),
    decoder: new OnnxNetwork(decoder, compute, info.path),
    turns,
    tile,
    keepsBoth: bytes[0] + bytes[1] <= mostCodingBytes,
    pictureShape: [picture.channels, picture.height, picture.width],
    stateShape: [state.channels, state.height, state.width],
  })
}

/**
 * The bytes that encoder and decoder may take together. Above it only one stays open: the memory saved is
 * worth the second or so that reopening the other takes.
 */
const mostCodingBytes = 2 ** 30

/** Returns the activation bytes of one picture in the most demanding network; null if any are unknown. */
function mostBytes(graphs: readonly GraphSource[]): number | null {
  const bytes = graphs.map(({ activationBytes }) => activationBytes)
  return bytes.every((one) => one !== null) ? Math.max(...bytes) : null
}

/** Returns the batch for a device; for the CPU, whose capacity is not measured, that of the diffusion network. */
function batchOn(
  capacity: Placement['capacity'],
  { activationBytes }: GraphSource,
  pictureBytes: number | null,
): number {
  return capacity ? deviceBatch(capacity, pictureBytes) : cpuBatch(activationBytes)
}

/** Frames sent to a server together, so that several requests are in flight at once. */
const serverBatch = 16

/** Moves to the CPU whatever part of a served model the server does not run. */
function onThisMachine(compute: ComputeInfo): ComputeInfo {
  return compute.provider === 'server' ? { ...compute, provider: 'cpu' } : compute
}

/** Replaces fp16, as an exported graph has already fixed its float16 values. TF32 is a device setting. */
function asWritten(compute: ComputeInfo): ComputeInfo {
  if (compute.precision !== 'fp16') return compute
  const reason = [compute.reason, 'An exported graph keeps the precision it was written in.']
  return { ...compute, precision: 'fp32', reason: reason.filter(Boolean).join(' ') }
}
