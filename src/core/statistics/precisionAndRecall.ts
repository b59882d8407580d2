import { DomainError } from '../DomainError'
import { meanOf } from '../numbers/mean'
import { type Features, multiplyRows, rowsPerStep, squaredNorms } from './featureProducts'
import { scaleProgress, type ShortSteps } from './shortSteps'

/** Which nearest neighbour's distance is the radius of a picture's ball. */
const neighbour = 3

/** How many pictures each side needs. */
export const leastForPrecision = neighbour + 1

/**
 * Returns improved precision and recall (Kynkäänniemi et al. 2019, arXiv 1904.06991): the share of
 * `generated` inside the balls around the real pictures, and the share of `real` inside those around the
 * generated ones. A ball reaches to the third-nearest picture of its own set, which lies inside (eq. 2).
 *
 * @throws DomainError for sets of fewer than {@link leastForPrecision} pictures
 */
export function* precisionAndRecall(
  real: Features,
  generated: Features,
): ShortSteps<{ precision: number; recall: number }> {
  const realRadii = yield* scaleProgress(radii(real), 0, 0.25)
  const generatedRadii = yield* scaleProgress(radii(generated), 0.25, 0.5)
  const precise = new Uint8Array(generated.length)
  const recalled = new Uint8Array(real.length)
  const compare = (i: number, j: number, distance: number): void => {
    if (distance <= realRadii[i]) precise[j] = 1
    if (distance <= generatedRadii[j]) recalled[i] = 1
  }
  yield* scaleProgress(
    eachDistance(real, generated, () => generated.length, compare),
    0.5,
    1,
  )
  return { precision: meanOf(precise), recall: meanOf(recalled) }
}

/** Returns the squared distance of each vector to its third-nearest neighbour. */
function* radii(set: Features): ShortSteps<Float64Array> {
  if (set.length < leastForPrecision) {
    throw new DomainError(`Precision and recall take ${leastForPrecision} or more pictures on each side.`)
  }
  const nearest = set.map(() => Array<number>(neighbour).fill(Infinity))
  const offer = (list: number[], distance: number): void => {
    if (distance >= list[neighbour - 1]) return
    list[neighbour - 1] = distance
    list.sort((a, b) => a - b)
  }
  const offerToBoth = (i: number, j: number, distance: number): void => {
    offer(nearest[i], distance)
    offer(nearest[j], distance)
  }
  yield* eachDistance(set, set, (row) => row, offerToBoth)
  return Float64Array.from(nearest, (list) => list[neighbour - 1])
}

/**
 * Calls `tell` with the squared distance of every vector of `a` to the first ones of `b`.
 *
 * @param countOf  how many of `b` row `i` of `a` is compared with
 */
function* eachDistance(
  a: Features,
  b: Features,
  countOf: (row: number) => number,
  tell: (i: number, j: number, distance: number) => void,
): ShortSteps<void> {
  const rows = rowsPerStep(b)
  const products = new Float64Array(rows * b.length)
  const [normsOfA, normsOfB] = [squaredNorms(a), squaredNorms(b)]
  for (let from = 0; from < a.length; from += rows) {
    const to = Math.min(from + rows, a.length)
    const width = countOf(to - 1)
    multiplyRows({ vectors: a, from, to }, b, width, products)
    for (let i = from; i < to; i++) {
      for (let j = 0; j < countOf(i); j++) {
        // |x - y|² = |x|² + |y|² - 2 x·y; exactly 0 for equal vectors, as the three sums are then the same.
        tell(i, j, normsOfA[i] + normsOfB[j] - 2 * products[(i - from) * width + j])
      }
    }
    yield to / a.length
  }
}
