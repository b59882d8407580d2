import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  TensorShapeProto_DimensionSchema as DimensionSchema,
  TensorProto_DataType as DataType,
  type TensorProto,
} from '../../graph/onnx_pb'

/** How a graph wants to be told the class of each picture. */
export interface ClassInput {
  readonly name: string
  readonly classes: number
  /** Name of the node that looks the class up in the table of embeddings; null where the graph takes weights of all classes. */
  readonly table: string | null
}

/** The node that looks a class up. */
interface ClassTable {
  readonly node: string
  readonly classes: number
}

/**
 * Where a graph looks its class up: one Gather of rows of a constant table [K, D], as exporters write an embedding.
 *
 * @param input  name of the class input
 * @returns null where the class is used in any other way
 */
export function classTableOf(graph: GraphProto, input: string): ClassTable | null {
  const users = graph.node.filter((node) => node.input.includes(input))
  if (users.length !== 1 || !isLookUp(users[0], input)) return null
  const [node] = users
  const dims = constantOf(graph, node.input[0])?.dims ?? []
  // A node is known by its output, which is always there and unique; its name may be missing.
  return dims.length === 2 ? { node: node.output[0], classes: Number(dims[0]) } : null
}

/**
 * The graph with weights [N, K] of the classes in place of their numbers: the look-up becomes a product, so that
 * embeddings can be mixed. One-hot weights give what the number gave, to the bit.
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

/** A constant of floats, whether it is an initializer or the value of a node. */
function constantOf(graph: GraphProto, name: string): TensorProto | undefined {
  const found =
    graph.initializer.find((tensor) => tensor.name === name) ??
    graph.node.find(({ opType, output }) => opType === 'Constant' && output[0] === name)?.attribute[0]?.t
  return found && [DataType.FLOAT, DataType.FLOAT16].includes(found.dataType) ? found : undefined
}
