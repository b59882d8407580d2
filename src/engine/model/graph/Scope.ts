import type { Attributes, GraphWriter, Value } from './graphWriter'
import { TensorProto_DataType as DataType } from './onnx_pb'

/** Where the constants of a network come from: its trained tensors, or made-up ones. */
export interface WeightSource {
  /** @param names  every name the tensor may have, newest first */
  take(names: readonly string[], shape: readonly number[]): Value
}

/** Stands in for the weights of a network of which only the shapes of its values are asked. */
export function madeUpWeights(graph: GraphWriter): WeightSource {
  const nothing = new Uint8Array()
  return { take: ([name], shape) => graph.constant(name, shape, DataType.FLOAT, nothing) }
}

/**
 * One module of the network being written: where its nodes are named and its weights are found. `at` leads to the
 * modules within, by the names that diffusers gave them.
 */
export class Scope {
  constructor(
    readonly graph: GraphWriter,
    readonly weights: WeightSource,
    readonly path = '',
    private readonly otherPaths: readonly string[] = [],
  ) {}

  /** The module `name` within this one. */
  at(name: string): Scope {
    return this.atEither([name])
  }

  /** A module that has had several names, newest first. */
  atEither(names: readonly string[]): Scope {
    const [path, ...others] = names.flatMap((name) => this.pathsOf(name))
    return new Scope(this.graph, this.weights, path, others)
  }

  /**
   * A trained tensor of this module, as float32.
   *
   * @param names  its name, or all names it ever had, newest first
   * @throws StudioError BAD_MODEL when it is missing or of another shape
   */
  weight(names: string | readonly string[], shape: readonly number[]): Value {
    const paths = [names].flat().flatMap((name) => this.pathsOf(name))
    return this.weights.take(paths, shape)
  }

  /** Writes a node of one output, of the given shape. */
  node(opType: string, inputs: readonly Value[], shape: readonly number[], attributes?: Attributes): Value {
    return this.nodeOfMany(opType, inputs, [shape], attributes)[0]
  }

  /** Writes a node of several outputs, one of each shape. */
  nodeOfMany(
    opType: string,
    inputs: readonly Value[],
    shapes: readonly (readonly number[])[],
    attributes?: Attributes,
  ): Value[] {
    return this.graph.node(`${this.path}/${opType}`, opType, inputs, shapes, attributes)
  }

  private pathsOf(name: string): string[] {
    return [this.path, ...this.otherPaths].map((path) => (path ? `${path}.${name}` : name))
  }
}
