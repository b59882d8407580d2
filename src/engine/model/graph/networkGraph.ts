import type { Weights } from '../weights/networkWeights'
import { type ComputeType, GraphWriter, type Value } from './graphWriter'
import { madeUpWeights, Scope } from './Scope'
import { type NamedTensor, WeightCheck, WeightInitializers } from './weightInitializers'

/** Writes the nodes of a network with all its inputs, and returns its output. */
export type WriteNetwork = (model: Scope) => Value

/**
 * Builds the ONNX graph of a network.
 *
 * @throws StudioError BAD_MODEL if a tensor is missing or its shape does not match the configuration
 */
export function buildGraph(write: WriteNetwork, weights: Weights, computeType?: ComputeType): Uint8Array {
  const graph = new GraphWriter(computeType)
  return graph.finish(write(new Scope(graph, new WeightInitializers(graph, weights))))
}

/** The name of the output of {@link buildServedGraph}. */
export const servedOutput = 'out_sample'

/**
 * Builds the same as a graph for other programs: batches of any size, states in `computeType`, and one output,
 * `out_sample`.
 */
export function buildServedGraph(
  write: WriteNetwork,
  weights: Weights,
  computeType: ComputeType,
): Uint8Array {
  const graph = new GraphWriter(computeType, true)
  return graph.finish(write(new Scope(graph, new WeightInitializers(graph, weights))), servedOutput)
}

/**
 * Checks the names, shapes and types of tensors against all networks built from them. Reads no weights.
 *
 * @returns the names of tensors that none of the networks use; diffusers ignores them too
 * @throws StudioError BAD_MODEL if a tensor is missing or its shape does not match the configuration,
 *   UNSUPPORTED if it is not floating point
 */
export function checkTensors(
  networks: readonly WriteNetwork[],
  tensors: ReadonlyMap<string, NamedTensor>,
): readonly string[] {
  const graph = new GraphWriter()
  const check = new WeightCheck(graph, tensors)
  for (const write of networks) write(new Scope(graph, check))
  return check.leftOver
}

/** Returns the peak bytes of a network's activations. */
export function activationBytes(write: WriteNetwork, computeType: ComputeType): number {
  const graph = new GraphWriter(computeType)
  write(new Scope(graph, madeUpWeights(graph)))
  return graph.peakActivationBytes()
}
