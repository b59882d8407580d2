import { meanOf } from '#core/numbers/mean'
import { createKeyedGaussian } from '#core/random/gaussian'
import type { Value } from '../model/graph/graphWriter'
import { TensorProto_DataType as DataType } from '../model/graph/onnx_pb'
import { averagePool, matMul, relu, reshape, transpose } from '../model/graph/operators'
import type { Scope } from '../model/graph/Scope'

const levels = 4
const filters = 64
/** Side of a filter. */
const tap = 5
/** Responses are averaged over a grid with this many cells per side. */
const cells = 4

/** The number of values that describe the textures of one level. */
export const textureSize = filters * cells * cells

/** The smallest side that can be halved often enough. */
export const leastSide = cells << (levels - 1)

/** Returns the sides of the levels of a picture, finest first. */
export function levelSides(side: number): number[] {
  return Array.from({ length: levels }, (_, level) => side >> level)
}

/**
 * Writes the nodes that measure which textures are where in a picture: at each of four scales, the responses of
 * 64 random 5x5 filters, rectified and averaged over 4x4 cells. Edges are repeated.
 *
 * @param picture  [1, 3, H, W]
 * @returns for each level, finest first, the mean of each cell for each filter: [1, {@link textureSize}]
 */
export function writeTextures(module: Scope, picture: Value): Value[] {
  const bytes = new Uint8Array(textureFilters().buffer)
  const bank = module.graph.constant('filters', [filters, 3, tap, tap], DataType.FLOAT, bytes)
  const textures: Value[] = []
  for (let level = 0, x = picture; level < levels; level++) {
    textures.push(texturesOf(module, x, bank))
    if (level + 1 < levels) x = averagePool(module, x)
  }
  return textures
}

/** Returns the filters, [64, 3, 5, 5], of zero mean and unit norm; the same on every machine. */
export function textureFilters(): Float32Array {
  const gaussian = createKeyedGaussian([1, 0])
  const bank = Array.from({ length: filters }, () => {
    const filter = new Float32Array(3 * tap * tap)
    gaussian.fill(filter)
    const mean = meanOf(filter)
    const centred = filter.map((value) => value - mean)
    const norm = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0))
    return [...centred.map((value) => value / norm)]
  })
  return Float32Array.from(bank.flat())
}

/** [1, 3, H, W] -> [1, 64 * 4 * 4]. */
function texturesOf(module: Scope, x: Value, bank: Value): Value {
  const { graph } = module
  const [, , height, width] = x.shape
  const reach = (tap - 1) / 2
  const pads = graph.integers([0, 0, reach, reach, 0, 0, reach, reach])
  const padded = module.node('Pad', [x, pads], [1, 3, height + 2 * reach, width + 2 * reach], {
    mode: 'edge',
  })
  const responses = relu(module, module.node('Conv', [padded, bank], [1, filters, height, width]))
  const overRows = graph.floats(cellMeans(height), [cells, height])
  const overColumns = transpose(module, graph.floats(cellMeans(width), [cells, width]), [1, 0])
  const means = matMul(module, overRows, matMul(module, responses, overColumns))
  return reshape(module, means, [1, textureSize])
}

/**
 * Returns a matrix [4, side] that averages a line over cells, of which some are larger where 4 does not divide the
 * side.
 */
function cellMeans(side: number): number[] {
  const cellOf = (at: number) => Math.floor((at * cells) / side)
  const line = Array.from({ length: side }, (_, at) => cellOf(at))
  return Array.from({ length: cells }, (_, cell) => {
    const count = line.filter((own) => own === cell).length
    return line.map((own) => (own === cell ? 1 / count : 0))
  }).flat()
}
