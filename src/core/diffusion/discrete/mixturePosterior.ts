import type { DiscreteState, PredictColours } from './discreteProcess'

/**
 * Returns the exact f for data that is one of several equally likely pictures: Bayes' rule turns q(x_t | x_0)
 * into the posterior p(picture | x_t), which gives the probability of each colour at each pixel. No network
 * can do better.
 *
 * @param pictures  all with the same number of pixels
 */
export function mixturePosterior(pictures: readonly DiscreteState[], classes: number): PredictColours {
  return (x, alpha) => {
    const weights = posteriorWeights(pictures, x, { alpha, classes })
    const prediction = new Float64Array(x.length * classes)
    for (const [m, picture] of pictures.entries()) {
      for (let pixel = 0; pixel < x.length; pixel++)
        prediction[pixel * classes + picture[pixel]] += weights[m]
    }
    return prediction
  }
}

/** Replaces a noise of zero, so that its logarithm is finite. */
const leastNoise = 1e-300

/** Returns p(picture | x_t) for each picture. */
export function posteriorWeights(
  pictures: readonly DiscreteState[],
  x: DiscreteState,
  { alpha, classes }: { readonly alpha: number; readonly classes: number },
): number[] {
  const noise = (1 - alpha) / classes
  // Without noise, one more differing pixel than the closest picture rules a picture out; all that are
  // equally close stay equally likely, even if the state matches none exactly.
  const gain = Math.log((alpha + noise) / Math.max(noise, leastNoise))
  const agreements = pictures.map((picture) => countEqual(picture, x))
  const most = Math.max(...agreements)
  const likelihoods = agreements.map((count) => Math.exp((count - most) * gain))
  const sum = likelihoods.reduce((total, likelihood) => total + likelihood, 0)
  return likelihoods.map((likelihood) => likelihood / sum)
}

function countEqual(a: DiscreteState, b: DiscreteState): number {
  let count = 0
  for (let i = 0; i < a.length; i++) if (a[i] === b[i]) count++
  return count
}
