import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  TensorShapeProto_DimensionSchema as DimensionSchema,
  TensorProto_DataType as DataType,
  type TensorProto,
} from '../../graph/onnx_pb'

/** How a graph takes the class of each picture. */
export interface ClassInput {
  readonly name: string
  readonly classes: number
  /** The output of the node that looks up the embedding; null if the graph takes weights of all classes. */
  readonly table: string | null
}

/** The node that looks up a class. */
interface ClassTable {
  readonly node: string
  readonly classes: number
}

/**
 * Finds where a graph looks up its class: a single Gather of rows of a constant table [K, D], which is how
 * exporters write an embedding.
 *
 * @param input  name of the class input
 * @returns null if the class is used in any other way
 */
export function classTableOf(graph: GraphProto, input: string): ClassTable | null {
  const users = graph.node.filter((node) => node.input.includes(input))
  if (users.length !== 1 || !isLookUp(users[0], input)) return null
  const [node] = users
  const dims = constantOf(graph, node.input[0])?.dims ?? []
  // Nodes are identified by their output, which always exists and is unique; the name is optional.
  return dims.length === 2 ? { node: node.output[0], classes: Number(dims[0]) } : null
}

/**
 * Changes the graph to take class weights [N, K] instead of class numbers: the lookup becomes a matrix
 * product, so that embeddings can be mixed. One-hot weights give bit-identical results to the class number.
 *
 * @param bytes  of the whole ONNX file
 */
export function withClassWeights(bytes: Uint8Array, { name, classes, table }: ClassInput): Uint8Array {
  if (table === null) return bytes
  const model = fromBinary(ModelProtoSchema, bytes)
  const { node: nodes, input: inputs } = model.graph!
  const node = nodes.find(({ output }) => output[0] === table)!
  const embeddings = constantOf(model.graph!, node.input[0])!
  Object.assign(node, { opType: 'MatMul', input: [name, node.input[0]], attribute: [] })
  const type = inputs.find((input) => input.name === name)!.type!.value
  if (type.case !== 'tensorType') throw new TypeError(`${name} is no tensor`)
  type.value.elemType = embeddings.dataType
  type.value.shape!.dim.push(create(DimensionSchema, { value: { case: 'dimValue', value: BigInt(classes) } }))
  return toBinary(ModelProtoSchema, model)
}

function isLookUp({ opType, input, attribute }: NodeProto, index: string): boolean {
  const axis = attribute.find(({ name }) => name === 'axis')?.i ?? 0n
  return opType === 'Gather' && input[1] === index && axis === 0n
}

/** Finds a float constant, whether it is an initializer or the value of a Constant node. */
function constantOf(graph: GraphProto, name: string): TensorProto | undefined {
  const found =
    graph.initializer.find((tensor) => tensor.name === name) ??
    graph.node.find(({ opType, output }) => opType === 'Constant' && output[0] === name)?.attribute[0]?.t
  return found && [DataType.FLOAT, DataType.FLOAT16].includes(found.dataType) ? found : undefined
}
