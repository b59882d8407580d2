import { absent, type Value } from './graphWriter'
import type { Scope } from './Scope'

/**
 * The operations that networks consist of, in the forms that onnxruntime runs fastest. Features are
 * [N, C, H, W]; each operation returns a value with its constant shape.
 */

/** x * sigmoid(x). The runtime fuses the pair into one node. */
export function silu(module: Scope, x: Value): Value {
  const gate = module.node('Sigmoid', [x], x.shape)
  return module.node('Mul', [x, gate], x.shape)
}

/** max(x, 0). */
export function relu(module: Scope, x: Value): Value {
  return module.node('Relu', [x], x.shape)
}

/** a + b; b may be broadcast to the shape of a. */
export function add(module: Scope, a: Value, b: Value): Value {
  return module.node('Add', [a, b], a.shape)
}

/** a * b; b may be broadcast to the shape of a. */
export function mul(module: Scope, a: Value, b: Value): Value {
  return module.node('Mul', [a, b], a.shape)
}

/** a - b; b may be broadcast to the shape of a. */
export function subtract(module: Scope, a: Value, b: Value): Value {
  return module.node('Sub', [a, b], a.shape)
}

/** a / b, both broadcast to `shape`. */
export function divide(module: Scope, a: Value, b: Value, shape: readonly number[]): Value {
  return module.node('Div', [a, b], shape)
}

/** The square root of every value. */
export function squareRoot(module: Scope, x: Value): Value {
  return module.node('Sqrt', [x], x.shape)
}

/** Averages along `axis`, whose length becomes 1. */
export function averageOver(module: Scope, x: Value, axis: number): Value {
  return module.node('ReduceMean', [x, module.graph.integers([axis])], x.shape.with(axis, 1), { keepdims: 1 })
}

/** x * factor; adds no node if the factor is 1. */
export function scale(module: Scope, x: Value, factor: number): Value {
  return factor === 1 ? x : mul(module, x, module.graph.floats([factor], []))
}

/** The same values in another shape of equal size. */
export function reshape(module: Scope, x: Value, shape: readonly number[]): Value {
  return module.node('Reshape', [x, module.graph.shapeOf(x, shape)], shape)
}

/** Reorders axes: axis i of the result is axis perm[i] of x. */
export function transpose(module: Scope, x: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => x.shape[axis])
  return module.node('Transpose', [x], shape, { perm })
}

/** Matrix product over the last two axes. The axes before them must agree, or one operand has none. */
export function matMul(module: Scope, a: Value, b: Value): Value {
  const outer = a.shape.length > 2 ? a.shape.slice(0, -2) : b.shape.slice(0, -2)
  return module.node('MatMul', [a, b], [...outer, a.shape.at(-2)!, b.shape.at(-1)!])
}

/** Softmax over the last axis. */
export function softmax(module: Scope, x: Value): Value {
  return module.node('Softmax', [x], x.shape, { axis: -1 })
}

/** Concatenates along `axis`. */
export function concat(module: Scope, values: readonly Value[], axis: number): Value {
  const shape = values[0].shape.with(
    axis,
    values.reduce((sum, value) => sum + value.shape[axis], 0),
  )
  return module.node('Concat', values, shape, { axis })
}

/** Splits `axis` into equal parts. */
export function split(module: Scope, x: Value, axis: number, parts: number): Value[] {
  const shape = x.shape.with(axis, x.shape[axis] / parts)
  const shapes = Array<readonly number[]>(parts).fill(shape)
  return module.nodeOfMany('Split', [x], shapes, { axis, num_outputs: parts })
}

/** Repeats every pixel 2 x 2. */
export function upsampleNearest(module: Scope, x: Value): Value {
  const [batch, channels, height, width] = x.shape
  const shape = [batch, channels, 2 * height, 2 * width]
  return module.node('Resize', [x, absent, module.graph.floats([1, 1, 2, 2])], shape, {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  })
}

/** Averages every 2 x 2 pixels into one. */
export function averagePool(module: Scope, x: Value): Value {
  const [batch, channels, height, width] = x.shape
  const shape = [batch, channels, Math.floor(height / 2), Math.floor(width / 2)]
  return module.node('AveragePool', [x], shape, { kernel_shape: [2, 2], strides: [2, 2] })
}
