import type { ModelInfo, NetworkInput } from '#shared/reports'
import { sizeOf } from '#core/diffusion/tensor'

/** What a number of float32 takes in memory, in bytes. */
export const bytesPerFloat = 4

/** What every kind of network tells about itself. */
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
  /** The least memory that one picture takes, in bytes: weights, and the activations where they can be told. */
  readonly memoryBytes: number
  /** Everything its answers depend on. */
  readonly files: readonly string[]
  /** What people should know before they trust it, a sentence each. */
  readonly warnings: readonly string[]
}

/** What the states of a model are made of. */
export interface SpaceFacts extends NetworkFacts {
  readonly picture: ModelInfo['picture']
  readonly autoencoder: ModelInfo['autoencoder']
}

/** Numbers in all tensors of some files. */
export function countParameters(entries: ReadonlyMap<string, { readonly shape: readonly number[] }>): number {
  return [...entries.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** A sentence about what a file holds beyond the network, which was left out. */
export function warnOf(what: 'option' | 'tensor', names: readonly string[], file: string): string[] {
  if (names.length === 0) return []
  const others = names.length > 1 ? ` and ${names.length - 1} more` : ''
  return [
    `${file} holds the ${what} "${names[0]}"${others}, which networks of this kind do not have: it was ignored.`,
  ]
}
