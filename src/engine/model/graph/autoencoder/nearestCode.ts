import type { Value } from '../graphWriter'
import { add, matMul, mul, reshape, scale, transpose } from '../operators'
import type { Scope } from '../Scope'

/**
 * Replaces the values of every position by the nearest entry of the codebook `embedding.weight` [K, C] (van
 * den Oord et al. 2017, eq. 1). |z - e|² = |z|² - 2 z e + |e|², where |z|² is the same for all entries.
 * [N, C, H, W] -> [N, C, H, W].
 *
 * @param count  K
 */
export function nearestCode(module: Scope, codes: Value, count: number): Value {
  const [batch, channels, height, width] = codes.shape
  const positions = height * width
  const codebook = module.at('embedding').weight('weight', [count, channels])
  const squares = module.node(
    'ReduceSum',
    [mul(module, codebook, codebook), module.graph.integers([1])],
    [count, 1],
  )
  const products = matMul(module, codebook, reshape(module, codes, [batch, channels, positions]))
  const distances = add(module, scale(module, products, -2), squares)
  const index = module.node('ArgMin', [distances], [batch, positions], { axis: 1, keepdims: 0 })
  const nearest = module.node('Gather', [codebook, index], [batch, positions, channels], { axis: 0 })
  return reshape(module, transpose(module, nearest, [0, 2, 1]), codes.shape)
}
