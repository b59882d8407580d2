import { DomainError } from '../../DomainError'

/**
 * The mixture from which the next state of a pixel is drawn: x_t itself, the clean pixel x_0, or all K
 * colours uniformly. The three are probabilities and sum to 1.
 */
export interface MixtureWeights {
  readonly current: number
  readonly clean: number
  readonly uniform: number
}

/**
 * The weights of one reverse step from alphaFrom to alphaTo > alphaFrom, which may depend on whether x_t
 * equals x_0.
 */
export interface ReverseWeights {
  readonly equal: MixtureWeights
  readonly different: MixtureWeights
}

/** A rule for the reverse steps, usually a choice of sigma_t: a row of {@link reverseRules}. */
export interface ReverseRule {
  readonly id: string
  readonly title: string
  readonly help: string
  /** @param alphas  the share of the picture that is left, 0 <= from < to <= 1 */
  weights(alphas: { readonly from: number; readonly to: number }, classes: number): ReverseWeights
}

/**
 * Returns the weights of q(x_to | x_from, x_0) of the paper's appendix A for one sigma:
 * sigma x_from + (aTo - sigma aFrom) x_0, and the rest uniform. Its marginal is q(x_to | x_0) whatever sigma
 * is.
 *
 * @param sigma  from 0 to {@link largestSigma}
 * @throws DomainError for any other sigma, which would make a weight negative
 */
export function weightsOfSigma(
  { from, to }: { readonly from: number; readonly to: number },
  sigma: number,
): MixtureWeights {
  const largest = largestSigma({ from, to })
  if (!(sigma >= 0 && sigma <= largest)) {
    throw new DomainError(
      `sigma ${sigma} does not lie between 0 and ${largest}, the most this step can keep.`,
    )
  }
  const clean = to - sigma * from
  return { current: sigma, clean, uniform: Math.max(0, 1 - sigma - clean) }
}

/**
 * Returns the sigma at which the uniform weight is 0, so that chance decides only between x_t and x_0:
 * (1 - aTo) / (1 - aFrom).
 */
export function largestSigma({ from, to }: { readonly from: number; readonly to: number }): number {
  return (1 - to) / (1 - from)
}

/** Returns the weights of a rule that uses the same share of the largest sigma at every step. */
function shareOfLargest(share: number): ReverseRule['weights'] {
  return (alphas) => {
    const weights = weightsOfSigma(alphas, share * largestSigma(alphas))
    return { equal: weights, different: weights }
  }
}

/**
 * Returns the posterior, by Bayes' rule, of the Markov chain q(x_from | x_to) = Cat(b x_to + (1 - b) / K),
 * b = aFrom / aTo. For K = 2 it is the mixture above with sigma = b (1 - aTo^2) / (1 - aFrom^2); for more
 * colours no single sigma gives it, because its weights depend on whether x_t equals x_0.
 */
function markovianWeights(
  { from, to }: { readonly from: number; readonly to: number },
  classes: number,
): ReverseWeights {
  const kept = from / to
  const noise = (1 - kept) * (1 - to)
  const uniform = noise / (1 - from + classes * from)
  return {
    equal: { current: 1 - uniform, clean: 0, uniform },
    different: {
      current: (kept * (1 - to)) / (1 - from),
      clean: ((1 - kept) * to) / (1 - from),
      uniform: noise / (1 - from),
    },
  }
}

/** The reverse rules, from the least random to the most. */
export const reverseRules = [
  {
    id: 'leastRandom',
    title: 'least random',
    help: 'the largest sigma: each pixel keeps its colour or takes the predicted one',
    weights: shareOfLargest(1),
  },
  {
    id: 'half',
    title: 'half sigma',
    help: 'half of the largest sigma',
    weights: shareOfLargest(0.5),
  },
  {
    id: 'markovian',
    title: 'Markovian',
    help: 'the posterior of the Markov chain with the same marginals',
    weights: markovianWeights,
  },
  {
    id: 'fresh',
    title: 'sigma 0',
    help: 'every pixel is drawn anew from the prediction and noise',
    weights: shareOfLargest(0),
  },
] as const satisfies readonly ReverseRule[]

export type ReverseRuleId = (typeof reverseRules)[number]['id']
