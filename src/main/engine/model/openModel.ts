import { availableParallelism } from 'node:os'
import type { ComputeInfo } from '#shared/reports'
import type { ModelSource } from '#shared/settings'
import { buildUNetGraph } from './diffusers/unetGraph'
import { readWeights } from './diffusers/weights'
import type { Model } from './model'
import { describeModel } from './modelInfo'
import { createOnnxSession, runtimeName } from './onnx'
import { OnnxEpsilonModel } from './OnnxEpsilonModel'

/**
 * Opens a diffusers folder. The graph is built, and with it every tensor checked, but a session is made only when the
 * first batch of its size comes.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE, BAD_MODEL or UNSUPPORTED
 */
export async function openModel({ path, threads }: ModelSource): Promise<Model> {
  const { folder, config, schedule, info } = await describeModel(path)
  const weights = await readWeights(folder.weightFiles)
  buildUNetGraph(config, weights, 1)
  const compute: ComputeInfo = {
    provider: 'cpu',
    runtime: await runtimeName(),
    threads: threads || availableParallelism(),
  }
  const openSession = (batch: number) =>
    createOnnxSession(buildUNetGraph(config, weights, batch), {
      threads: compute.threads,
      externalFolder: weights.folder,
    })
  return new OnnxEpsilonModel(info, schedule, compute, openSession)
}
