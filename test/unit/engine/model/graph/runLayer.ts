import type { Dtype } from '#engine/model/weights/dtypes'
import { GraphWriter, type Value } from '#engine/model/graph/graphWriter'
import { Scope } from '#engine/model/graph/Scope'
import { parseUNetConfig } from '#engine/model/graph/unetConfig'
import { WeightInitializers } from '#engine/model/graph/weightInitializers'
import { createOnnxSession, type OnnxTensor } from '#engine/model/network/onnx'

/** A tensor of smooth, irregular values: no two neighbours alike, none large. */
export function pattern(shape: readonly number[], seed = 1): OnnxTensor {
  const size = shape.reduce((product, side) => product * side, 1)
  return { shape, data: Float32Array.from({ length: size }, (_, i) => Math.sin(1.7 * i * seed + seed)) }
}

/** A configuration of two levels, 4 and 8 channels, at 8 x 8, with what a test changes. */
export function tinyConfig(changes: Record<string, unknown> = {}) {
  const options = {
    sample_size: 8,
    block_out_channels: [4, 8],
    down_block_types: ['DownBlock2D', 'DownBlock2D'],
    up_block_types: ['UpBlock2D', 'UpBlock2D'],
    norm_num_groups: 2,
    ...changes,
  }
  return parseUNetConfig(options, 'config.json')
}

/** Builds a graph of one layer and evaluates it. */
export async function runLayer(
  build: (module: Scope, inputs: Record<string, Value>) => Value,
  inputs: Record<string, OnnxTensor>,
  tensors: Record<string, OnnxTensor> = {},
  config = tinyConfig(),
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
  const output = build(new Scope(graph, initializers, config), Object.fromEntries(values))
  const session = await createOnnxSession(graph.finish(output), { threads: 1 })
  const answer = await session.run(inputs)
  await session.close()
  return answer
}
