import type { ComputeInfo } from '#shared/reports'
import { automaticBatch } from './network/automaticBatch'
import { computeInfoOf, type OpenableModel } from './network/compute'
import { builtNetwork } from './graph/builtNetwork'
import { exportedNetwork } from './folders/exported/exportedNetwork'
import type { Model } from './model'
import { describeModel } from './folders/modelInfo'
import { createOnnxSession, runtimeName } from './network/onnx'
import { OnnxEpsilonModel } from './network/OnnxEpsilonModel'
import type { OpenGraph } from './network/optimizedGraphs'

/**
 * Opens a model. Of a diffusers folder the graph is built, and with it every tensor checked; an exported graph is taken
 * as it is. A session is made only when the first batch of its size comes.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function openModel(
  source: OpenableModel,
  openGraph: OpenGraph = createOnnxSession,
): Promise<Model> {
  const { network: described, schedule, info } = await describeModel(source.path)
  const placed = computeInfoOf(source, await runtimeName())
  const compute = described.kind === 'exported' ? asWritten(placed) : placed
  const open: OpenGraph = (graph, options, model) =>
    openGraph(graph, { ...options, provider: compute.provider, threads: compute.threads }, model)
  const network =
    described.kind === 'exported'
      ? exportedNetwork(described.graph, info, open)
      : await builtNetwork(described, info, compute.precision, open)
  const batch = network.onlyBatch ?? automaticBatch(source.placement?.capacity, network.activationBytes)
  return new OnnxEpsilonModel(info, schedule, compute, batch, network)
}

/** TF32 is a matter of the device; which values are float16, an exported graph has settled itself. */
function asWritten(compute: ComputeInfo): ComputeInfo {
  if (compute.precision !== 'fp16') return compute
  const reason = [compute.reason, 'An exported graph keeps the precision it was written in.']
  return { ...compute, precision: 'fp32', reason: reason.filter(Boolean).join(' ') }
}
