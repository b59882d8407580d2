import type { DiscreteState, PredictColours } from './discreteProcess'

/**
 * The exact f of data that is one of some pictures, each as likely: the posterior p(picture | x_t) by Bayes' rule from
 * q(x_t | x_0), and with it the probability of each colour at each pixel. No network is better.
 *
 * @param pictures  of as many pixels each
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

/** Stands for no noise at all, so that its logarithm is finite. */
const leastNoise = 1e-300

/** p(picture | x_t) of each picture. */
export function posteriorWeights(
  pictures: readonly DiscreteState[],
  x: DiscreteState,
  { alpha, classes }: { readonly alpha: number; readonly classes: number },
): number[] {
  const noise = (1 - alpha) / classes
  // Where nothing is noise, one pixel that differs rules a picture out; a state that fits none leaves all as likely.
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
