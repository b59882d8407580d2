import type { Value } from '../graphWriter'
import type { Scope } from '../Scope'

/** How states of the diffusion are computed from an autoencoder's codes: one value per code channel. */
export interface StateScale {
  /** state = (code - shift) * factor */
  readonly shift: readonly number[]
  readonly factor: readonly number[]
}

/** What an autoencoder computes, read from its configuration. */
export interface Autoencoder {
  /** The class name in diffusers. */
  readonly className: string
  /** Channels of its pictures: 1 for grey, 3 for RGB. */
  readonly pictureChannels: 1 | 3
  /** Channels of its codes, and so of the states. */
  readonly stateChannels: number
  /** Pixels per position of the code, along each side. */
  readonly factor: number
  readonly scale: StateScale
  /** The factor given in its configuration, or the default of its class. */
  readonly scalingFactor: number
  /** Whether half precision would be too inaccurate. */
  readonly needsFloat32: boolean
  /** Writes the nodes from pictures in [-1, 1] to codes: the mean, if the encoder outputs a distribution. */
  readonly writeEncoder: (model: Scope, pictures: Value) => Value
  /** Writes the nodes from codes to pictures in [-1, 1]. */
  readonly writeDecoder: (model: Scope, codes: Value) => Value
}

/** Returns the same shift and factor for every channel. */
export function uniformScale(channels: number, factor: number, shift = 0): StateScale {
  return {
    shift: Array<number>(channels).fill(shift),
    factor: Array<number>(channels).fill(factor),
  }
}

/** Says why decoded pictures differ in kind, as a clause without a full stop; undefined if they do not. */
export function changedPictures(options: { in_channels: number; out_channels: number }): string | undefined {
  const { in_channels: from, out_channels: to } = options
  if (from === to) return undefined
  return `"in_channels" is ${from} and "out_channels" ${to}, but what comes back must be a picture of the same kind`
}
