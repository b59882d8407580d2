import type { Weights } from '../weights/networkWeights'
import { type ComputeType, GraphWriter, type Value } from './graphWriter'
import { madeUpWeights, Scope } from './Scope'
import { WeightCheck, WeightInitializers } from './weightInitializers'

/** Writes the nodes of a network with all its inputs, and answers its output. */
export type WriteNetwork = (model: Scope) => Value

/**
 * The ONNX graph of a network.
 *
 * @throws StudioError BAD_MODEL when a tensor is missing or of another shape than the configuration says
 */
export function buildGraph(write: WriteNetwork, weights: Weights, computeType?: ComputeType): Uint8Array {
  const graph = new GraphWriter(computeType)
  return graph.finish(write(new Scope(graph, new WeightInitializers(graph, weights))))
}

/** What {@link buildServedGraph} calls the answer. */
export const servedOutput = 'out_sample'

/** The same as a graph for other programs: batches of any size, and one output, `out_sample`. */
export function buildServedGraph(
  write: WriteNetwork,
  weights: Weights,
  computeType: ComputeType,
): Uint8Array {
  const graph = new GraphWriter(computeType, true)
  return graph.finish(write(new Scope(graph, new WeightInitializers(graph, weights))), servedOutput)
}

/**
 * Checks the names and shapes of tensors against all the networks that are built of them. No weights are read.
 *
 * @returns the names of tensors that have no place in any of them, which diffusers ignores too
 * @throws StudioError BAD_MODEL when a tensor is missing or of another shape than the configuration says
 */
export function checkTensors(
  networks: readonly WriteNetwork[],
  tensors: ReadonlyMap<string, { shape: readonly number[]; file: string }>,
): readonly string[] {
  const graph = new GraphWriter()
  const check = new WeightCheck(graph, tensors)
  for (const write of networks) write(new Scope(graph, check))
  return check.leftOver
}

/** The most memory that the activations of a network hold at once, in bytes. */
export function activationBytes(write: WriteNetwork, computeType: ComputeType): number {
  const graph = new GraphWriter(computeType)
  write(new Scope(graph, madeUpWeights(graph)))
  return graph.peakActivationBytes()
}
