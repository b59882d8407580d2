import { fromBinary } from '@bufbuild/protobuf'
import { realpath } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { StudioError } from '#shared/errors'
import { sizeOf } from '#core/diffusion/tensor'
import { readRange, readWholeFile, withFile } from '#files/fileAccess'
import { explained } from '#files/fileErrors'
import { byFrequency } from '../../weights/dtypes'
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type StringStringEntryProto,
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

const weightTypes: readonly DataType[] = [
  DataType.FLOAT,
  DataType.FLOAT16,
  DataType.BFLOAT16,
  DataType.DOUBLE,
]

/** The size limit of protobuf, and so of the runtime; larger networks keep weights in separate files. */
export const longestGraph = 2 ** 31 - 1

/**
 * Reads an ONNX graph and finds all its constants: initializers, Constant nodes, and those of subgraphs.
 *
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_MODEL for a damaged file, or one with weights that are cut short,
 *   outside its folder or linked from several
 */
export async function readGraphFile(file: string): Promise<GraphFile> {
  const graph = parseGraph(await readWholeFile(file, longestGraph), file)
  const weights = [...constantsOf(graph)].filter(({ dataType }) => weightTypes.includes(dataType))
  return {
    graph,
    parameters: weights.reduce((sum, { dims }) => sum + sizeOf(dims.map(Number)), 0),
    weightTypes: byFrequency(weights.map(({ dataType }) => typeName(dataType))),
    weightFiles: await weightFilesOf(graph, file),
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

/** Finds the entries of a graph that name the files of its constants. */
export function locationsOf(graph: GraphProto): StringStringEntryProto[] {
  return [...constantsOf(graph)].flatMap(({ externalData }) =>
    externalData.filter(({ key }) => key === 'location'),
  )
}

/**
 * Maps the locations of constants to the real paths of their files, all in one folder: the runtime accepts no
 * other.
 *
 * @param file  of their graph
 * @throws StudioError NOT_FOUND, UNREADABLE; BAD_MODEL for files outside its folder, or links to several folders
 */
export async function realPathsOf(
  locations: readonly StringStringEntryProto[],
  file: string,
): Promise<ReadonlyMap<string, string>> {
  const real = new Map<string, string>()
  for (const value of new Set(locations.map((location) => location.value))) {
    const path = pathBeside(file, value)
    real.set(value, await explained(path, 'read', () => realpath(path)))
  }
  const folders = [...new Set([...real.values()].map((path) => dirname(path)))]
  if (folders.length <= 1) return real
  throw new StudioError(
    'BAD_MODEL',
    `${file} has its weights in ${folders.join(' and ')}: put them into one folder.`,
  )
}

/** Finds the files that hold constants, and refuses those that were never fetched or are cut short. */
async function weightFilesOf(graph: GraphProto, file: string): Promise<string[]> {
  const locations = await realPathsOf(locationsOf(graph), file)
  const paths = [...new Set([...locations.keys()].map((location) => pathBeside(file, location)))].sort()
  const needed = bytesNeeded(graph, file)
  for (const path of paths) {
    const { head, size } = await readHead(path)
    refuseLfsPointer(path, head)
    const bytes = needed.get(path) ?? 0
    if (bytes <= size) continue
    throw new StudioError(
      'BAD_MODEL',
      `${path} has ${size} bytes, and ${bytes} are needed for the weights of ${file}: download or write it again.`,
    )
  }
  return paths
}

/** Returns up to which byte a graph reads each file of constants. Without a length, it is at least the offset. */
function bytesNeeded(graph: GraphProto, file: string): ReadonlyMap<string, number> {
  const needed = new Map<string, number>()
  for (const { externalData } of constantsOf(graph)) {
    const { location, offset, length } = Object.fromEntries(
      externalData.map(({ key, value }) => [key, value]),
    )
    if (location === undefined) continue
    const path = pathBeside(file, location)
    const end = (Number(offset) || 0) + (Number(length) || 0)
    needed.set(path, Math.max(needed.get(path) ?? 0, end))
  }
  return needed
}

function readHead(path: string): Promise<{ head: Buffer; size: number }> {
  return withFile(path, async (file) => {
    const { size } = await file.stat()
    return { head: await readRange(file, 0, Math.min(64, size)), size }
  })
}

/**
 * Returns the path of a file of constants, which is in the graph's own folder and nowhere else, as for the
 * runtime.
 *
 * @param location  as the graph names it, perhaps "./weights.bin"
 * @throws StudioError BAD_MODEL for any other place
 */
function pathBeside(file: string, location: string): string {
  const name = posix.normalize(location)
  if (name === '.' || name === '..' || /[/\\]/.test(name) || name.includes('\0')) {
    throw new StudioError(
      'BAD_MODEL',
      `${file} names "${location}", which is not a file in its own folder: export the graph again, with its weights beside it.`,
    )
  }
  return join(dirname(file), name)
}
