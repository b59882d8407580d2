import { automaticBatch } from './automaticBatch'
import { computeInfoOf, type OpenableModel } from './compute'
import { computeTypes } from './diffusers/graphWriter'
import { timestepSinusoids } from './diffusers/timeEmbedding'
import { activationBytesOf, buildUNetGraph } from './diffusers/unetGraph'
import { readWeights } from './diffusers/weights'
import type { Model } from './model'
import { describeModel } from './modelInfo'
import { createOnnxSession, runtimeName } from './onnx'
import { OnnxEpsilonModel } from './OnnxEpsilonModel'
import type { OpenGraph } from './optimizedGraphs'

/**
 * Opens a diffusers folder. The graph is built, and with it every tensor checked, but a session is made only when the
 * first batch of its size comes.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function openModel(
  source: OpenableModel,
  openGraph: OpenGraph = createOnnxSession,
): Promise<Model> {
  const { folder, config, schedule, info } = await describeModel(source.path)
  const weights = await readWeights(folder.weightFiles)
  buildUNetGraph(config, weights, 1)
  const compute = computeInfoOf(source, await runtimeName())
  const computeType = computeTypes[compute.precision]
  const batch = automaticBatch(source.placement?.capacity, activationBytesOf(config, computeType))
  return new OnnxEpsilonModel(info, schedule, compute, batch, {
    open: (batch) => {
      const { provider, threads } = compute
      const graph = buildUNetGraph(config, weights, batch, computeType)
      return openGraph(graph, { provider, threads, externalFolder: weights.folder }, info)
    },
    conditionOn: (timestep) => ({ sinusoids: timestepSinusoids(config, timestep) }),
  })
}
