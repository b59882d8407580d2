import { nameSome } from '#core/format/lists'
import type { ModelInfo, NetworkInput } from '#shared/reports'
import { sizeOf } from '#core/diffusion/tensor'

/** Bytes of a float32. */
export const bytesPerFloat = 4

/** The facts that every kind of network provides. */
export interface NetworkFacts {
  readonly shape: readonly [number, number, number]
  readonly inputs: readonly NetworkInput[]
  /** The only batch size it takes; null for any. */
  readonly batch: number | null
  /** The most frequent first. */
  readonly weightTypes: readonly string[]
  readonly parameters: number
  /** Null for an unconditional network. */
  readonly classes: number | null
  /** The least memory for one picture, in bytes: the weights, and the activations if they are known. */
  readonly memoryBytes: number
  /** Every file that its results depend on. */
  readonly files: readonly string[]
  /** Warnings that people should see before they trust it, one sentence each. */
  readonly warnings: readonly string[]
}

/** The facts of a network together with its autoencoder, if any. */
export interface SpaceFacts extends NetworkFacts {
  readonly picture: ModelInfo['picture']
  readonly autoencoder: ModelInfo['autoencoder']
}

/** Counts the values in all tensors. */
export function countParameters(entries: ReadonlyMap<string, { readonly shape: readonly number[] }>): number {
  return [...entries.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** Warns of ignored options or tensors that networks of this kind do not have; empty if there are none. */
export function warnOf(what: 'option' | 'tensor', names: readonly string[], file: string): string[] {
  if (names.length === 0) return []
  const ignored = nameSome(
    names.map((name) => `"${name}"`),
    1,
  )
  return [`${file} holds the ${what} ${ignored}, which networks of this kind do not have: it was ignored.`]
}
