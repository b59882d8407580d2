import type { ComputeInfo, ModelInfo } from '#shared/reports'
import { Denoiser } from './Denoiser'
import { exportedNetwork } from '../folders/exported/exportedNetwork'
import { describeModel, type NetworkDescription } from '../folders/modelInfo'
import { builtNetwork } from '../graph/builtNetwork'
import type { Model } from './model'
import { automaticBatch } from '../network/automaticBatch'
import { computeInfoOf, type OpenableModel } from '../network/compute'
import { settledCompute } from '../network/computeRecord'
import { createOnnxSession, runtimeName } from '../network/onnx'
import { type GraphSource, OnnxNetwork } from '../network/OnnxNetwork'
import type { OpenGraph } from '../network/optimizedGraphs'
import { pixelSpace } from '../space/pixelSpace'
import { Turns } from '../network/Turns'

/**
 * Opens a model. Of a diffusers folder the graph is built, and with it every tensor checked; an exported graph is taken
 * as it is. A session is made only when the first batch of its size comes.
 *
 * @param turns  shared by all models that are evaluated on one machine
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function openModel(
  source: OpenableModel,
  openGraph: OpenGraph = createOnnxSession,
  turns = new Turns(),
): Promise<Model> {
  const { network: described, schedule, info } = await describeModel(source.path)
  const placed = computeInfoOf(source, await runtimeName())
  const compute = described.kind === 'exported' ? asWritten(placed) : placed
  const graphs = await graphsOf(described, info, compute, openGraph)
  const { channels, height, width } = info.state
  const stateShape = [channels, height, width] as const
  const network = new OnnxNetwork(graphs, compute, info.path)
  const denoiser = new Denoiser({ model: info, network, schedule, stateShape, turns })
  return {
    info,
    schedule,
    denoiser,
    space: pixelSpace(stateShape),
    compute,
    batch: graphs.onlyBatch ?? automaticBatch(source.placement?.capacity, graphs.activationBytes),
    key: JSON.stringify([info.sha256, info.scheduleHash, settledCompute(compute)]),
    close: () => denoiser.close(),
  }
}

async function graphsOf(
  described: NetworkDescription,
  info: ModelInfo,
  { provider, threads, precision }: ComputeInfo,
  openGraph: OpenGraph,
): Promise<GraphSource> {
  const open: OpenGraph = (graph, options, model) =>
    openGraph(graph, { ...options, provider, threads }, model)
  return described.kind === 'exported'
    ? exportedNetwork(described.graph, info, open)
    : builtNetwork(described, info, precision, open)
}

/** TF32 is a matter of the device; which values are float16, an exported graph has settled itself. */
function asWritten(compute: ComputeInfo): ComputeInfo {
  if (compute.precision !== 'fp16') return compute
  const reason = [compute.reason, 'An exported graph keeps the precision it was written in.']
  return { ...compute, precision: 'fp32', reason: reason.filter(Boolean).join(' ') }
}
