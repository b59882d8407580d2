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

/** A value of the graph: an input, a constant or a node's output. All shapes are known while building. */
export interface Value {
  readonly name: string
  readonly shape: readonly number[]
  readonly dataType: DataType
  /** Whether it depends on constants alone: the runtime computes it once, when the session is created. */
  readonly isConstant: boolean
}

/** Stands for an optional input of a node that is left out. */
export const absent: Value = { name: '', shape: [], dataType: DataType.UNDEFINED, isConstant: true }

/** Attributes of a node. Numbers are written as integers; the few that ONNX needs as floats are marked. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | { float: number }>>

/** A node to be written, as {@link GraphWriter.node} takes it. */
interface NodeParts {
  readonly label: string
  readonly opType: string
  readonly inputs: readonly Value[]
  /** The shapes of its outputs. */
  readonly shapes: readonly (readonly number[])[]
  readonly attributes: Attributes
}

const irVersion = 10n
const opsetVersion = 20n

/** Element type that a graph computes in: float32, or float16 with float32 inputs and constants. */
export type ComputeType = DataType.FLOAT | DataType.FLOAT16

/** TF32 is a setting of the process, not of the graph: values stay float32, and only products are rounded. */
export const computeTypes: Readonly<Record<Precision, ComputeType>> = {
  fp32: DataType.FLOAT,
  tf32: DataType.FLOAT,
  fp16: DataType.FLOAT16,
}

/**
 * Writes an ONNX graph node by node. It knows the file format but nothing about networks. Callers supply the
 * output shapes, so no node is spent on computing a shape.
 *
 * In float16, everything that depends on an input has half precision: inputs and constants are cast where
 * they are first used, and the output is cast back unless the graph is served. Values that depend on constants
 * alone stay float32 until then. Weights that are summed or concatenated are thus rounded only once, and stay
 * in their file: the runtime casts them when the session is created.
 *
 * Format: https://github.com/onnx/onnx/blob/main/docs/IR.md
 */
export class GraphWriter {
  private readonly nodes: MessageInitShape<typeof NodeProtoSchema>[] = []
  private readonly initializers: MessageInitShape<typeof TensorProtoSchema>[] = []
  private readonly inputs: MessageInitShape<typeof ValueInfoProtoSchema>[] = []
  private readonly constants = new Map<string, Value>()
  /** Casts, by source name and target type. */
  private readonly casts = new Map<string, Value>()
  /** The values that were cast, by the name of the result. */
  private readonly originals = new Map<string, Value>()
  private readonly steps: GraphStep[] = []
  private readonly activationSizes = new Map<string, number>()

  /**
   * @param computeType  of everything that depends on an input
   * @param isServed  whether the graph is for other programs: it takes batches of any size, whatever the first
   *   dimension of its shapes, and its states and output are declared in the type that it computes in
   */
  constructor(
    readonly computeType: ComputeType = DataType.FLOAT,
    private readonly isServed = false,
  ) {}

  /** The type of states, pictures and the output. */
  get stateType(): ComputeType {
    return this.isServed ? this.computeType : DataType.FLOAT
  }

  /** Declares an input, float32 by default. */
  input(name: string, shape: readonly number[], dataType = DataType.FLOAT): Value {
    this.inputs.push(valueInfo(name, shape, dataType, this.isServed))
    return { name, shape, dataType, isConstant: false }
  }

  /** Returns a target shape for a value as a constant. All values but constants begin with the batch axis. */
  shapeOf(value: Value, shape: readonly number[]): Value {
    // 0 leaves a dimension unchanged.
    return this.integers(this.isServed && !value.isConstant ? shape.with(0, 0) : shape)
  }

  /** Returns a small float32 constant, which is written only once however often it is requested. */
  floats(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const bytes = new Uint8Array(Float32Array.from(values).buffer)
    return this.shared(`float [${shape}] ${values}`, shape, DataType.FLOAT, bytes)
  }

  /** Returns a small int64 vector, which is written only once however often it is requested. */
  integers(values: readonly number[]): Value {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    return this.shared(`int64 ${values}`, [values.length], DataType.INT64, bytes)
  }

  /** Adds a named constant: its little-endian, row-major bytes, or their location. */
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

  /** Returns the values in another element type, with at most one node; with none if they have or had it. */
  cast(value: Value, dataType: DataType): Value {
    const original = this.originals.get(value.name) ?? value
    if (original.dataType === dataType) return original
    if (value.dataType === dataType) return value
    const key = `${value.name} as ${dataType}`
    const known = this.casts.get(key)
    if (known) return known
    const node = { label: value.name, opType: 'Cast', inputs: [value], shapes: [value.shape] }
    const [answer] = this.write({ ...node, attributes: { to: dataType } }, dataType)
    this.casts.set(key, answer)
    this.originals.set(answer.name, value)
    return answer
  }

  /**
   * Writes a node, with one output per shape.
   *
   * @param label  its name in profiles and in messages of the runtime; need not be unique
   */
  node(
    label: string,
    opType: string,
    inputs: readonly Value[],
    shapes: readonly (readonly number[])[],
    attributes: Attributes = {},
  ): Value[] {
    if (inputs.every((value) => value.isConstant)) {
      return this.write({ label, opType, inputs, shapes, attributes }, DataType.FLOAT)
    }
    const { computeType } = this
    const operands = inputs.map((value) =>
      value.dataType === DataType.FLOAT ? this.cast(value, computeType) : value,
    )
    const dataType = opType === 'ArgMin' ? DataType.INT64 : computeType
    return this.write({ label, opType, inputs: operands, shapes, attributes }, dataType)
  }

  /** Writes a node with one output that keeps the given types, even in a half-precision graph. */
  exactNode(
    opType: string,
    inputs: readonly Value[],
    shape: readonly number[],
    { dataType = DataType.FLOAT, ...attributes }: Attributes & { dataType?: DataType } = {},
  ): Value {
    return this.write({ label: opType, opType, inputs, shapes: [shape], attributes }, dataType)[0]
  }

  private write({ label, opType, inputs, shapes, attributes }: NodeParts, dataType: DataType): Value[] {
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
   * Returns the bytes of the finished .onnx file, with `value` as its only output.
   *
   * @param name  of the output; by default that of the value
   */
  finish(value: Value, name?: string): Uint8Array {
    const answer = this.cast(value, this.stateType)
    const output = { ...answer, name: name ?? answer.name }
    if (name !== undefined) {
      this.nodes.push({ name: 'output', opType: 'Identity', input: [answer.name], output: [name] })
    }
    const graph = {
      name: 'graph',
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: [valueInfo(output.name, output.shape, this.stateType, this.isServed)],
    }
    const opsetImport = [{ domain: '', version: opsetVersion }]
    const model = create(ModelProtoSchema, { irVersion, producerName: 'Slerp Studio', opsetImport, graph })
    return toBinary(ModelProtoSchema, model)
  }

  /** Returns the peak bytes of all values that depend on an input; work space of kernels is extra. */
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
