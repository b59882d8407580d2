import { availableParallelism } from 'node:os'
import type { ComputeInfo, ModelInfo } from '#shared/reports'
import type { ModelSource } from '#shared/settings'
import type { NoiseSchedule } from '../core/noiseSchedule'
import { buildUNetGraph } from './diffusers/unetGraph'
import { readWeights } from './diffusers/weights'
import type { EpsilonModel } from './epsilonModel'
import { describeModel } from './modelInfo'
import { createOnnxSession, runtimeName } from './onnx'
import { OnnxEpsilonModel } from './OnnxEpsilonModel'

/** A network that is open: it predicts, and it knows what it is and what runs it. */
export interface Model extends EpsilonModel {
  readonly info: ModelInfo
  readonly schedule: NoiseSchedule
  readonly compute: ComputeInfo
  /** Equal keys mean equal results, to the bit: weights, configuration, runtime and threads are the same. */
  readonly key: string
  /** Gives memory back, once evaluations under way are done. */
  close(): Promise<void>
}

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
