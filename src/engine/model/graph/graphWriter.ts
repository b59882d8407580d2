import type { ExternalBytes } from '../weights/networkWeights'
import type { Precision } from '#shared/devices'
import { sizeOf } from '#core/diffusion/tensor'
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
import { peakBytes, type GraphStep } from './peakBytes'

/** A value of the graph: an input, a constant or what a node answers. Every shape is known while the graph is built. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
  readonly dataType: DataType
  /** Whether it follows from constants alone: the runtime works it out once, when the session is made. */
  readonly isConstant: boolean
}

/** An optional input of a node that is left out. */
export const absent: Value = { name: '', shape: [], dataType: DataType.UNDEFINED, isConstant: true }

/** Attributes of a node. Numbers are written as integers; the few that ONNX wants as floats say so. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { float: number }>>

const irVersion = 10n
const opsetVersion = 20n

/** Element type that a graph computes in: float32, or float16 with float32 inputs, constants and output. */
export type ComputeType = DataType.FLOAT | DataType.FLOAT16

/** TF32 is a matter of the process, not of the graph: values stay float32, and only products round. */
export const computeTypes: Readonly<Record<Precision, ComputeType>> = {
  fp32: DataType.FLOAT,
  tf32: DataType.FLOAT,
  fp16: DataType.FLOAT16,
}

/**
 * Writes an ONNX graph node by node. It knows the file format and nothing of networks; output shapes are the caller's
 * word, so that no node is ever spent on computing one.
 *
 * In float16, everything that depends on an input is half precision: inputs and constants are cast where they are first
 * met, the output is cast back. What follows from constants alone stays float32 until then, so that weights which are
 * summed or joined are rounded once, and stay in their file: the runtime casts them when the session is made.
 *
 * Format: https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export class GraphWriter {
  private readonly nodes: MessageInitShape<typeof NodeProtoSchema>[] = []
  private readonly initializers: MessageInitShape<typeof TensorProtoSchema>[] = []
  private readonly inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = []
  private readonly constants = new Map<string, Value>()
  /** Casts by the name of what they answer from and to which type; and, by the name of the answer, what was cast. */
  private readonly casts = new Map<string, Value>()
  private readonly originals = new Map<string, Value>()
  private readonly steps: GraphStep[] = []
  private readonly activationSizes = new Map<string, number>()

  /**
   * @param computeType  of all that depends on an input
   * @param anyBatch  whether the graph takes batches of any size, whatever the first side of its shapes says
   */
  constructor(
    readonly computeType: ComputeType = DataType.FLOAT,
    private readonly anyBatch = false,
  ) {}

  /** Declares an input, float32 unless it is told. */
  input(name: string, shape: readonly number[], dataType = DataType.FLOAT): Value {
    this.inputs.push(valueInfo(name, shape, dataType, this.anyBatch))
    return { name, shape, dataType, isConstant: false }
  }

  /** The shape that a value is given, as a constant. Every value but a constant begins with the side of the batch. */
  shapeOf(value: Value, shape: readonly number[]): Value {
    // 0 leaves a side as it is.
    return this.integers(this.anyBatch && !value.isConstant ? shape.with(0, 0) : shape)
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
    return { name, shape, dataType, isConstant: true }
  }

  /** The same values in another element type: one node however often it is asked for, and none for what has or had it. */
  cast(value: Value, dataType: DataType): Value {
    const original = this.originals.get(value.name) ?? value
    if (original.dataType === dataType) return original
    if (value.dataType === dataType) return value
    const key = `${value.name} as ${dataType}`
    const known = this.casts.get(key)
    if (known) return known
    const [answer] = this.write(value.name, 'Cast', [value], [value.shape], { to: dataType }, dataType)
    this.casts.set(key, answer)
    this.originals.set(answer.name, value)
    return answer
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
    if (inputs.every((value) => value.isConstant)) {
      return this.write(label, opType, inputs, shapes, attributes, DataType.FLOAT)
    }
    const { computeType } = this
    const operands = inputs.map((value) =>
      value.dataType === DataType.FLOAT ? this.cast(value, computeType) : value,
    )
    const dataType = opType === 'ArgMin' ? DataType.INT64 : computeType
    return this.write(label, opType, operands, shapes, attributes, dataType)
  }

  /** Writes a node of one output that keeps the types it is given, in a graph of half precision too. */
  exactNode(
    opType: string,
    inputs: readonly Value[],
    shape: readonly number[],
    { dataType = DataType.FLOAT, ...attributes }: Attributes & { dataType?: DataType } = {},
  ): Value {
    return this.write(opType, opType, inputs, [shape], attributes, dataType)[0]
  }

  private write(
    label: string,
    opType: string,
    inputs: readonly Value[],
    shapes: readonly (readonly number[])[],
    attributes: Attributes,
    dataType: DataType,
  ): Value[] {
    const name = `${label}_${this.nodes.length}`
    const isConstant = inputs.every((value) => value.isConstant)
    const outputs = shapes.map((shape, index) => ({ name: `${name}:${index}`, shape, dataType, isConstant }))
    this.steps.push({
      inputs: inputs.map((value) => value.name),
      outputs: outputs.map((value) => value.name),
    })
    if (!isConstant) for (const output of outputs) this.activationSizes.set(output.name, bytesOf(output))
    this.nodes.push({
      name,
      opType,
      input: inputs.map((value) => value.name),
      output: outputs.map((value) => value.name),
      attribute: Object.entries(attributes).map(([key, value]) => attributeProto(key, value)),
    })
    return outputs
  }

  /**
   * The bytes of the finished .onnx file, with `value` as its one output.
   *
   * @param name  of the output; that of the value unless given
   */
  finish(value: Value, name?: string): Uint8Array {
    const answer = this.cast(value, DataType.FLOAT)
    const output = { ...answer, name: name ?? answer.name }
    if (name !== undefined) {
      this.nodes.push({ name: 'output', opType: 'Identity', input: [answer.name], output: [name] })
    }
    const graph = {
      name: 'graph',
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: [valueInfo(output.name, output.shape, DataType.FLOAT, this.anyBatch)],
    }
    const opsetImport = [{ domain: '', version: opsetVersion }]
    const model = create(ModelProtoSchema, { irVersion, producerName: 'Slerp Studio', opsetImport, graph })
    return toBinary(ModelProtoSchema, model)
  }

  /** The most memory that what depends on an input holds at once, in bytes; work space of kernels comes on top. */
  peakActivationBytes(): number {
    return peakBytes(this.steps, this.activationSizes)
  }

  private shared(key: string, shape: readonly number[], dataType: DataType, bytes: Uint8Array): Value {
    const known = this.constants.get(key)
    if (known) return known
    const value = this.constant(`constant_${this.constants.size}`, shape, dataType, bytes)
    this.constants.set(key, value)
    return value
  }
}

function bytesOf({ shape, dataType }: Value): number {
  return sizeOf(shape) * (dataType === DataType.FLOAT16 ? 2 : 4)
}

function valueInfo(
  name: string,
  shape: readonly number[],
  elemType: DataType,
  anyBatch: boolean,
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape.map((side, axis) =>
    anyBatch && axis === 0
      ? { value: { case: 'dimParam' as const, value: 'N' } }
      : { value: { case: 'dimValue' as const, value: BigInt(side) } },
  )
  const tensorType = { elemType, shape: { dim } }
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
