import type { Network } from './Network'
import type { Turn, Turns } from './Turns'

/** What a batch is evaluated with besides its values. */
export interface EvaluationTurn extends Turn {
  /** Called when the turn of each slice has come. */
  readonly onStart?: () => void
  /** Told when an evaluation has to wait for something: see Watch. */
  readonly onNotice?: (sentence: string) => void
}

/**
 * Evaluates a batch in slices of the network's choice, each in a turn of its own.
 *
 * @param evaluate  evaluates items `from` to, but not including, `to`
 * @throws the signal's reason once that is aborted; whatever `evaluate` throws
 */
export async function evaluateSlices(
  { network, turns }: { readonly network: Network; readonly turns: Turns },
  batch: number,
  evaluate: (from: number, to: number) => Promise<void>,
  turn: EvaluationTurn,
): Promise<void> {
  const size = network.sliceOf(batch)
  for (let from = 0; from < batch; from += size) {
    // The runtime blocks this process: in between it says that it is alive, and hears what was cancelled or asked for meanwhile.
    await turns.giveWay(turn)
    await turns.take(() => {
      turn.onStart?.()
      return evaluate(from, Math.min(from + size, batch))
    }, turn)
  }
}

/** True when no value is NaN or infinite: the difference of such a value and itself is not 0. */
export function isFinite(values: Float32Array): boolean {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i]
  return sum === 0
}
