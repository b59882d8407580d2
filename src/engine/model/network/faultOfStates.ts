import { formatNumber } from '#core/format/quantities'
import { rootMeanSquare } from '#core/numbers/mean'
import { itemOf, type Tensor } from '#core/diffusion/tensor'
import { isFinite } from './evaluateSlices'

/** States this many times as large as usual are outside of anything that networks are trained on. */
const mostTimesUsual = 100

/**
 * Returns what is wrong with states that a network turned into NaN or infinity, as a clause with a remedy; null if
 * the fault is elsewhere.
 *
 * @param states  [N, C, H, W]
 * @param usual  the usual root mean square of such states
 */
export function faultOfStates(states: Tensor, usual: number): string | null {
  if (!isFinite(states.data))
    return 'the state it was given held NaN or infinity. Take more steps, or another solver'
  const sizes = Array.from({ length: states.shape[0] }, (_, i) => rootMeanSquare(itemOf(states, i).data))
  const largest = Math.max(...sizes)
  if (largest <= mostTimesUsual * usual) return null
  return `the state it was given is too large, with a root mean square of ${formatNumber(largest)}, where about ${formatNumber(usual, 1)} is expected. Save the latent at that scale, or take more steps or another solver`
}
