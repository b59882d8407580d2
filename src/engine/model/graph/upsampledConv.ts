import type { Value } from './graphWriter'
import { concat, matMul, reshape } from './operators'
import type { Scope } from './Scope'

/**
 * Sums of kernel rows, for output rows of even and of odd index: if every row of a picture is doubled, a
 * kernel of three rows covers only two different ones.
 */
const rowSums = [
  [1, 0, 0, 0, 1, 1],
  [1, 1, 0, 0, 0, 1],
]
/** The same for columns: each matrix transposed. */
const columnSums = [
  [1, 0, 0, 1, 0, 1],
  [1, 0, 1, 0, 0, 1],
]

/**
 * Repeats every pixel 2 x 2, then applies a 3 x 3 convolution with `weight` and optional `bias`, in 4/9 of
 * the multiplications: output pixels of one parity are a 2 x 2 convolution of the small picture, whose kernel
 * sums the weights that meet the same pixel. The four results are interleaved, first columns and then rows,
 * by concatenating along an axis of length 1. The runtime does that on all threads, whereas DepthToSpace runs
 * on one. [N, in, H, W] -> [N, out, 2H, 2W].
 *
 * The runtime sums the weights once, when the session is created.
 */
export function upsampledConv2d(
  module: Scope,
  x: Value,
  outChannels: number,
  { hasBias = true } = {},
): Value {
  const { graph } = module
  const [batch, channels, height, width] = x.shape
  const weight = module.weight('weight', [outChannels, channels, 3, 3])
  const bias = hasBias ? [module.weight('bias', [outChannels])] : []
  const pixels = outChannels * height * width
  const phase = (row: number, column: number) => {
    const rows = matMul(module, graph.floats(rowSums[row], [2, 3]), weight)
    const kernel = matMul(module, rows, graph.floats(columnSums[column], [3, 2]))
    const pads = [1 - row, 1 - column, row, column]
    const shape = [batch, outChannels, height, width]
    return module.node('Conv', [x, kernel, ...bias], shape, { kernel_shape: [2, 2], pads })
  }
  const rows = [0, 1].map((row) => {
    const columns = [0, 1].map((column) => reshape(module, phase(row, column), [batch, pixels, 1]))
    return reshape(module, concat(module, columns, 2), [batch, outChannels * height, 1, 2 * width])
  })
  return reshape(module, concat(module, rows, 2), [batch, outChannels, 2 * height, 2 * width])
}
