import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  type AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  type TensorProtoSchema,
  type ValueInfoProtoSchema,
} from './onnx_pb'

/** A value of the graph: an input, a constant or what a node answers. Every shape is known while the graph is built. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
}

/** Attributes of a node. Numbers are written as integers; the few that ONNX wants as floats say so. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { float: number }>>

/** Where the bytes of a constant lie, when not in the graph: a file of the folder that the session is given. */
export interface ExternalBytes {
  readonly location: string
  readonly offset: number
  readonly length: number
}

const irVersion = 10n
const opsetVersion = 20n

/**
 * Writes an ONNX graph node by node. It knows the file format and nothing of networks; output shapes are the caller's
 * word, so that no node is ever spent on computing one.
 *
 * Format: https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export class GraphWriter {
  private readonly nodes: MessageInitShape<typeof NodeProtoSchema>[] = []
  private readonly initializers: MessageInitShape<typeof TensorProtoSchema>[] = []
  private readonly inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = []
  private readonly constants = new Map<string, Value>()

  /** Declares a float32 input. */
  input(name: string, shape: readonly number[]): Value {
    this.inputs.push(valueInfo(name, shape))
    return { name, shape }
  }

  /** A small float32 constant, written once however often it is asked for. */
  floats(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const bytes = new Uint8Array(Float32Array.from(values).buffer)
    return this.shared(`float [${shape}] ${values}`, shape, DataType.FLOAT, bytes)
  }

  /** A small int64 vector, written once however often it is asked for. */
  integers(values: readonly number[]): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    return this.shared(`int64 ${values}`, [values.length], DataType.INT64, bytes)
  }

  /** A constant by name: its little-endian, row-major bytes, or where they lie. */
  constant(
    name: string,
    shape: readonly number[],
    dataType: DataType,
    bytes: Uint8Array | ExternalBytes,
  ): Value {
    const content =
      bytes instanceof Uint8Array
        ? { rawData: bytes }
        : { dataLocation: DataLocation.EXTERNAL, externalData: stringEntries({ ...bytes }) }
    this.initializers.push({ name, dims: shape.map(BigInt), dataType, ...content })
    return { name, shape }
  }

  /**
   * Writes a node, with one output of each shape.
   *
   * @param label  names it in profiles and in messages of the runtime; need not be unique
   */
  node(
    label: string,
    opType: string,
    inputs: readonly Value[],
    shapes: readonly (readonly number[])[],
    attributes: Attributes = {},
  ): Value[] {
    const name = `${label}_${this.nodes.length}`
    const outputs = shapes.map((shape, index) => ({ name: `${name}:${index}`, shape }))
    this.nodes.push({
      name,
      opType,
      input: inputs.map((value) => value.name),
      output: outputs.map((value) => value.name),
      attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
    })
    return outputs
  }

  /** The bytes of the finished .onnx file, with `output` as its one output. */
  finish(output: Value): Uint8Array {
    const graph = {
      name: 'graph',
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: [valueInfo(output.name, output.shape)],
    }
    const opsetImport = [{ domain: '', version: opsetVersion }]
    const model = create(ModelProtoSchema, { irVersion, producerName: 'Slerp Studio', opsetImport, graph })
    return toBinary(ModelProtoSchema, model)
  }

  private shared(key: string, shape: readonly number[], dataType: DataType, bytes: Uint8Array): Value {
    const known = this.constants.get(key)
    if (known) return known
    const value = this.constant(`constant_${this.constants.size}`, shape, dataType, bytes)
    this.constants.set(key, value)
    return value
  }
}

function valueInfo(name: string, shape: readonly number[]): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape.map((side) => ({ value: { case: 'dimValue' as const, value: BigInt(side) } }))
  const tensorType = { elemType: DataType.FLOAT, shape: { dim } }
  return { name, type: { value: { case: 'tensorType', value: tensorType } } }
}

function attributeProto(
  name: string,
  value: Attributes[string],
): MessageInitShape<typeof AttributeProtoSchema> {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: BigInt(value) }
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
  return { name, type: AttributeType.INTS, ints: value.map(BigInt) }
}

function stringEntries(record: Record<string, string | number>): { key: string; value: string }[] {
  return Object.entries(record).map(([key, value]) => ({ key, value: String(value) }))
}
