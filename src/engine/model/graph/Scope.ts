import type { Attributes, GraphWriter, Value } from './graphWriter'
import { TensorProto_DataType as DataType } from './onnx_pb'

/** The source of a network's constants: its trained tensors, or placeholders. */
export interface WeightSource {
  /** @param names  every name the tensor may have, newest first */
  take(names: readonly string[], shape: readonly number[]): Value
}

/** Creates placeholder weights, for when only the shapes of a network's values matter. */
export function madeUpWeights(graph: GraphWriter): WeightSource {
  const nothing = new Uint8Array()
  return { take: ([name], shape) => graph.constant(name, shape, DataType.FLOAT, nothing) }
}

/**
 * One module of the network being written: its path names its nodes and locates its weights. `at` returns the
 * submodules, by the names that diffusers gave them.
 */
export class Scope {
  constructor(
    readonly graph: GraphWriter,
    readonly weights: WeightSource,
    readonly path = '',
    private readonly otherPaths: readonly string[] = [],
  ) {}

  /** Returns the submodule `name`. */
  at(name: string): Scope {
    return this.atEither([name])
  }

  /** Returns a submodule that has had several names, newest first. */
  atEither(names: readonly string[]): Scope {
    const [path, ...others] = names.flatMap((name) => this.pathsOf(name))
    return new Scope(this.graph, this.weights, path, others)
  }

  /**
   * Returns a trained tensor of this module, as float32.
   *
   * @param names  its name, or all names it has ever had, newest first
   * @throws StudioError BAD_MODEL if it is missing or has the wrong shape
   */
  weight(names: string | readonly string[], shape: readonly number[]): Value {
    const paths = [names].flat().flatMap((name) => this.pathsOf(name))
    return this.weights.take(paths, shape)
  }

  /** Writes a node with one output of the given shape. */
  node(opType: string, inputs: readonly Value[], shape: readonly number[], attributes?: Attributes): Value {
    return this.nodeOfMany(opType, inputs, [shape], attributes)[0]
  }

  /** Writes a node with several outputs, one per shape. */
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
