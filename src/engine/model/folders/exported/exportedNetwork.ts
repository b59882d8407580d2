import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ModelInfo } from '#shared/reports'
import { explained } from '#files/fileErrors'
import type { OnnxInput } from '../../network/onnx'
import { TensorProto_DataType as DataType } from '../../graph/onnx_pb'
import type { GraphSource } from '../../network/OnnxNetwork'
import type { OpenGraph } from '../../network/optimizedGraphs'
import { readWholeFile } from '#files/fileAccess'
import { longestGraph, type ExportedGraph, type TimestepInput } from './exportedGraph'

/** A graph that another program wrote, run as it is. */
export function exportedNetwork(
  { file, batch, shape: [outputChannels], sampleName, timestep: input }: ExportedGraph,
  info: ModelInfo,
  openGraph: OpenGraph,
): GraphSource {
  return {
    sampleName,
    outputChannels,
    onlyBatch: batch,
    activationBytes: null,
    async open() {
      const [bytes, real] = await explained(file, 'read', () =>
        Promise.all([readWholeFile(file, longestGraph), realpath(file)]),
      )
      return openGraph(bytes, { externalFolder: dirname(real) }, info)
    },
    conditionOn: (timestep, batch) => ({ [input.name]: timestepTensor(input, timestep, batch) }),
  }
}

function timestepTensor({ dataType, each }: TimestepInput, timestep: number, batch: number): OnnxInput {
  const values = Array<number>(each === 'picture' ? batch : 1).fill(timestep)
  const shape = each === 'scalar' ? [] : [values.length]
  switch (dataType) {
    case DataType.FLOAT:
      return { data: Float32Array.from(values), shape }
    case DataType.INT32:
      return { data: Int32Array.from(values), shape }
    case DataType.INT64:
      return { data: BigInt64Array.from(values, BigInt), shape }
  }
}
