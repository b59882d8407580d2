import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType as AttributeType,
  type AttributeProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
} from '../../graph/onnx_pb'

/** The prefix of everything added to a graph, so that names cannot collide. */
export const added = 'slerp_studio/'

/**
 * Returns the graph with other inputs, outputs or nodes than it was exported with.
 *
 * @param bytes  of the whole ONNX file
 * @param change  adds nodes, and replaces inputs or outputs
 */
export function withOtherEdges(bytes: Uint8Array, change: (graph: GraphProto) => void): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytes)
  change(model.graph!)
  return toBinary(ModelProtoSchema, model)
}

/** Creates a node with one output. Only operators that have not changed since opset 7 are allowed. */
export function nodeOf(
  opType: string,
  input: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number>> = {},
): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => integer(name, value))
  return create(NodeProtoSchema, { opType, input: [...input], output: [output], attribute })
}

/** Creates a node that outputs constants. Unlike an initializer, it works in every version of the format. */
export function constantNode(
  output: string,
  values: Float32Array | BigInt64Array,
  shape: readonly number[],
): NodeProto {
  const dataType = values instanceof Float32Array ? DataType.FLOAT : DataType.INT64
  const rawData = new Uint8Array(values.buffer)
  const t = { dims: shape.map(BigInt), dataType, rawData }
  const attribute = [{ name: 'value', type: AttributeType.TENSOR, t }]
  return create(NodeProtoSchema, { opType: 'Constant', output: [output], attribute })
}

/** Creates a float32 input or output with `sides` open dimensions, or with no declared shape if null. */
export function floatPort(name: string, sides: number | null) {
  const dim = Array.from({ length: sides ?? 0 }, () => ({}))
  const value = { elemType: DataType.FLOAT, ...(sides === null ? {} : { shape: { dim } }) }
  return create(ValueInfoProtoSchema, { name, type: { value: { case: 'tensorType', value } } })
}

function integer(name: string, value: number): MessageInitShape<typeof AttributeProtoSchema> {
  return { name, type: AttributeType.INT, i: BigInt(value) }
}
