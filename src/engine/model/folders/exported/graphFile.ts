import { fromBinary } from '@bufbuild/protobuf'
import { dirname, join, posix } from 'node:path'
import { StudioError } from '#shared/errors'
import { sizeOf } from '#core/diffusion/tensor'
import { readRange, readWholeFile, withFile } from '#files/fileAccess'
import { byFrequency } from '../../weights/dtypes'
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
} from '../../graph/onnx_pb'
import { refuseForeignFile, refuseLfsPointer } from '../../weights/foreignFile'

/** An ONNX graph as stored on disk. */
export interface GraphFile {
  readonly graph: GraphProto
  /** The number of values in all floating-point constants: the weights, and the few that exporters add. */
  readonly parameters: number
  /** Types of those constants, the most frequent first. */
  readonly weightTypes: readonly string[]
  /** The files next to the graph that hold constants, sorted. */
  readonly weightFiles: readonly string[]
}

const floatTypes: readonly DataType[] = [DataType.FLOAT, DataType.FLOAT16, DataType.BFLOAT16, DataType.DOUBLE]

/** The size limit of protobuf, and so of the runtime; larger networks keep weights in separate files. */
export const longestGraph = 2 ** 31 - 1

/**
 * Reads an ONNX graph and finds all its constants: initializers, Constant nodes, and those of subgraphs.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_MODEL for a damaged file, or one with weights outside its
 *   folder
 */
export async function readGraphFile(file: string): Promise<GraphFile> {
  const graph = parseGraph(await readWholeFile(file, longestGraph), file)
  const constants = [...constantsOf(graph)]
  const weights = constants.filter(({ dataType }) => floatTypes.includes(dataType))
  return {
    graph,
    parameters: weights.reduce((sum, { dims }) => sum + sizeOf(dims.map(Number)), 0),
    weightTypes: byFrequency(weights.map(({ dataType }) => typeName(dataType))),
    weightFiles: await weightFilesOf(constants, file),
  }
}

/** Names a number type as numpy does: "float32" for FLOAT. */
export function typeName(type: DataType): string {
  if (type === DataType.FLOAT) return 'float32'
  if (type === DataType.DOUBLE) return 'float64'
  return (DataType[type] ?? `type ${type}`).toLowerCase()
}

function parseGraph(bytes: Uint8Array, file: string): GraphProto {
  let model: ModelProto
  try {
    model = fromBinary(ModelProtoSchema, bytes)
  } catch (error) {
    refuseForeignFile(file, Buffer.from(bytes.subarray(0, 64)), 'BAD_MODEL')
    throw damaged(file, (error as Error).message)
  }
  if (!model.graph) throw damaged(file, 'it holds no graph')
  return model.graph
}

function damaged(file: string, what: string): StudioError {
  return new StudioError(
    'BAD_MODEL',
    `${file} is not an ONNX graph, or damaged (${what}): export or download it again.`,
  )
}

function* constantsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer
  for (const { attribute } of graph.node) {
    for (const value of attribute) yield* constantsOfAttribute(value)
  }
}

function* constantsOfAttribute({ t, g, tensors, graphs }: AttributeProto): Generator<TensorProto> {
  if (t) yield t
  yield* tensors
  for (const subgraph of g ? [g, ...graphs] : graphs) yield* constantsOf(subgraph)
}

/** Finds the files that hold constants as the runtime does: in the folder of the graph, and nowhere else. */
async function weightFilesOf(constants: readonly TensorProto[], file: string): Promise<string[]> {
  const locations = constants.flatMap(({ externalData }) =>
    externalData.filter(({ key }) => key === 'location').map(({ value }) => value),
  )
  const names = [...new Set(locations)].map((location) => nameBeside(file, location)).sort()
  const paths = [...new Set(names)].map((name) => join(dirname(file), name))
  for (const path of paths) refuseLfsPointer(path, await readHead(path))
  return paths
}

function readHead(path: string): Promise<Buffer> {
  return withFile(path, async (file) => readRange(file, 0, Math.min(64, (await file.stat()).size)))
}

/** Returns the name of a file in the graph's own folder: "weights.bin" for "./weights.bin". */
function nameBeside(file: string, location: string): string {
  const name = posix.normalize(location)
  if (name === '.' || name === '..' || /[/\\]/.test(name) || name.includes('\0')) {
    throw new StudioError('BAD_MODEL', `${file} names "${location}", which is not a file in its own folder.`)
  }
  return name
}
