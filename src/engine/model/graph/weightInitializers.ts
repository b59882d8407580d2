import { StudioError } from '#shared/errors'
import { type Dtype, type FloatDtype, isFloatDtype, unreadType } from '../weights/dtypes'
import type { GraphWriter, Value } from './graphWriter'
import { TensorProto_DataType as DataType } from './onnx_pb'
import type { WeightSource } from './Scope'
import type { Weight, Weights } from '../weights/networkWeights'

const dataTypes: Record<FloatDtype, DataType> = {
  F32: DataType.FLOAT,
  F16: DataType.FLOAT16,
  BF16: DataType.BFLOAT16,
  F64: DataType.DOUBLE,
}

/** The properties of a tensor that are checked before it is used. */
export interface NamedTensor {
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** For messages. */
  readonly file: string
}

/** Looks up a network's tensors by name, checks them against what it needs, and records which were used. */
class TensorLookup<T extends NamedTensor> {
  private readonly taken = new Set<string>()

  constructor(private readonly tensors: ReadonlyMap<string, T>) {}

  /**
   * @param names  every name the tensor may have, newest first
   * @throws StudioError BAD_MODEL if it is missing or has the wrong shape, UNSUPPORTED if it is not floating
   *   point
   */
  take(names: readonly string[], shape: readonly number[]): [name: string, tensor: T] {
    const name = names.find((candidate) => this.tensors.has(candidate))
    if (name === undefined) throw this.missing(names[0])
    const tensor = this.tensors.get(name)!
    if (tensor.shape.join() !== shape.join()) throw wrongShape(name, tensor, shape)
    if (!isFloatDtype(tensor.dtype)) throw unreadType(name, tensor.file, tensor.dtype, 'UNSUPPORTED')
    this.taken.add(name)
    return [name, tensor]
  }

  /** The tensors that were never taken. */
  get leftOver(): string[] {
    return [...this.tensors.keys()].filter((name) => !this.taken.has(name))
  }

  private missing(name: string): StudioError {
    const files = [...new Set([...this.tensors.values()].map(({ file }) => file))].join(', ')
    return new StudioError(
      'BAD_MODEL',
      `${files} has no tensor "${name}", which config.json asks for: put the config.json and the weights of one model there.`,
    )
  }
}

/** Turns trained tensors into constants of a graph, each checked against what the network needs. */
export class WeightInitializers implements WeightSource {
  private readonly lookup: TensorLookup<Weight>

  constructor(
    private readonly graph: GraphWriter,
    weights: Weights,
  ) {
    this.lookup = new TensorLookup(weights.tensors)
  }

  /**
   * Returns the tensor as float32.
   *
   * @throws StudioError BAD_MODEL if it is missing or has the wrong shape
   */
  take(names: readonly string[], shape: readonly number[]): Value {
    const [name, weight] = this.lookup.take(names, shape)
    const constant = this.graph.constant(name, shape, dataTypes[weight.dtype], weight.bytes)
    return this.graph.cast(constant, DataType.FLOAT)
  }
}

/** Replaces the weights when only their names, shapes and types are checked: no file is read. */
export class WeightCheck implements WeightSource {
  private readonly lookup: TensorLookup<NamedTensor>

  constructor(
    private readonly graph: GraphWriter,
    tensors: ReadonlyMap<string, NamedTensor>,
  ) {
    this.lookup = new TensorLookup(tensors)
  }

  /**
   * @throws StudioError BAD_MODEL if the tensor is missing or has the wrong shape, UNSUPPORTED if it is not
   *   floating point
   */
  take(names: readonly string[], shape: readonly number[]): Value {
    const [name] = this.lookup.take(names, shape)
    return this.graph.constant(name, shape, DataType.FLOAT, new Uint8Array())
  }

  /** Names of the tensors that the network does not use. */
  get leftOver(): readonly string[] {
    return this.lookup.leftOver
  }
}

function wrongShape(name: string, { file, shape }: NamedTensor, wanted: readonly number[]): StudioError {
  return new StudioError(
    'BAD_MODEL',
    `Tensor "${name}" of ${file} is [${shape.join(', ')}], but config.json asks for [${wanted.join(', ')}]: put the config.json and the weights of one model there.`,
  )
}
