import type { Dtype } from '#engine/model/weights/dtypes'
import { GraphWriter, type Value } from '#engine/model/graph/graphWriter'
import { Scope } from '#engine/model/graph/Scope'
import { WeightInitializers } from '#engine/model/graph/weightInitializers'
import { createOnnxSession, type OnnxTensor } from '#engine/model/network/onnx'

/** A tensor of smooth, irregular values: neighbours differ, and none is large. */
export function pattern(shape: readonly number[], seed = 1): OnnxTensor {
  const size = shape.reduce((product, side) => product * side, 1)
  return { shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i * seed + seed)) }
}

/** Builds a graph of one layer and evaluates it. */
export async function runLayer(
  build: (module: Scope, inputs: Record<string, Value>) => Value,
  inputs: Record<string, OnnxTensor>,
  tensors: Record<string, OnnxTensor> = {},
): Promise<OnnxTensor> {
  const graph = new GraphWriter()
  const weights = Object.entries(tensors).map(([name, { data, shape }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    return [name, { dtype: 'F32' satisfies Dtype, shape, bytes, file: 'test' }] as const
  })
  const initializers = new WeightInitializers(graph, {
    tensors: new Map(weights),
    folder: '',
    files: ['test'],
  })
  const values = Object.entries(inputs).map(([name, { shape }]) => [name, graph.input(name, shape)] as const)
  const output = build(new Scope(graph, initializers), Object.fromEntries(values))
  const session = await createOnnxSession(graph.finish(output), { threads: 1 })
  const answer = await session.run(inputs)
  await session.close()
  return answer
}
