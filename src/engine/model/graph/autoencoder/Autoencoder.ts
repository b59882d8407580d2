import type { Value } from '../graphWriter'
import type { Scope } from '../Scope'

/** How the states that a diffusion runs on follow from an autoencoder's codes, a value a channel of the code. */
export interface StateScale {
  /** state = (code - shift) * factor */
  readonly shift: readonly number[]
  readonly factor: readonly number[]
}

/** What an autoencoder computes, read from its configuration. */
export interface Autoencoder {
  /** As diffusers names it. */
  readonly className: string
  /** Channels of its pictures: 1 for grey, 3 for RGB. */
  readonly pictureChannels: 1 | 3
  /** Channels of its codes, and so of states. */
  readonly stateChannels: number
  /** Pixels of the picture a side of one position of the code. */
  readonly factor: number
  readonly scale: StateScale
  /** The factor that its configuration names, or its class takes for granted. */
  readonly scalingFactor: number
  /** Whether half precision would spoil it. */
  readonly needsFloat32: boolean
  /** Writes the nodes from pictures on [-1, 1] to codes: the mean, where the encoder answers a distribution. */
  readonly writeEncoder: (model: Scope, pictures: Value) => Value
  /** Writes the nodes from codes to pictures on [-1, 1]. */
  readonly writeDecoder: (model: Scope, codes: Value) => Value
}

/** The same shift and factor for every channel. */
export function uniformScale(channels: number, factor: number, shift = 0): StateScale {
  return {
    shift: Array<number>(channels).fill(shift),
    factor: Array<number>(channels).fill(factor),
  }
}

/** Why pictures come back as something else, as a clause without full stop; undefined when they do not. */
export function changedPictures(options: { in_channels: number; out_channels: number }): string | undefined {
  const { in_channels: from, out_channels: to } = options
  if (from === to) return undefined
  return `"in_channels" is ${from} and "out_channels" ${to}, but what comes back must be a picture of the same kind`
}
