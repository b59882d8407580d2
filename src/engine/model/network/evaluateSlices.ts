import type { Network } from './Network'
import type { Pause, Turn, Turns } from './Turns'

/** The options of a batch's evaluation, besides its values. */
export interface EvaluationTurn extends Turn {
  /** Called when each slice's turn has come, and again before a remote evaluation is compared with the CPU's. */
  readonly onStart?: () => void
  /**
   * Called after each slice or group, with the number of its items and the seconds that they took, without the wait
   * for the turn.
   */
  readonly onEnd?: (items: number, seconds: number) => void
  /** Called when each slice or group is over, also if it failed, and before another request's begins. */
  readonly onOver?: () => void
  /** Receives a sentence when an evaluation has to wait for something, see Watch, or leaves something out. */
  readonly onNotice?: (sentence: string) => void
}

/**
 * Evaluates a batch in groups and slices of the network's choice, each in its own turn.
 *
 * @param evaluate  evaluates items `from` to, but not including, `to`; it may pause its turn
 * @throws the signal's reason once it is aborted; whatever `evaluate` throws
 */
export async function evaluateSlices(
  { network, turns }: { readonly network: Network; readonly turns: Turns },
  batch: number,
  evaluate: (from: number, to: number, pause: Pause) => Promise<void>,
  turn: EvaluationTurn,
): Promise<void> {
  const [slice, group] = [network.sliceOf(batch), network.groupOf(batch)]
  for (let from = 0, size = group; from < batch; from += size) {
    size = batch - from < group ? slice : group
    // The runtime blocks this process: between slices it can report that it is alive and take in
    // cancellations and new requests.
    await turns.giveWay(turn)
    await turns.take(async (pause) => {
      turn.onStart?.()
      const to = Math.min(from + size, batch)
      let started = performance.now()
      try {
        await evaluate(from, to, async (wait) => {
          await pause(wait)
          started = performance.now()
        })
      } finally {
        turn.onOver?.()
      }
      turn.onEnd?.(to - from, (performance.now() - started) / 1000)
    }, turn)
  }
}

/** Returns whether no value is NaN or infinite: subtracting such a value from itself does not give 0. */
export function isFinite(values: Float32Array): boolean {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] - values[i]
  return sum === 0
}
